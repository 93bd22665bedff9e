import { roundTrip } from './round-trip.ts';

roundTrip('postgres14');
