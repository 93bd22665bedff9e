import { roundTrip } from './round-trip.ts';

roundTrip('sqlite');
