import { roundTrip } from './round-trip.ts';

roundTrip('postgres18');
