import { roundTrip } from './round-trip.ts';

roundTrip('mysql9');
