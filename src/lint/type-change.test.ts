import { expect, test } from 'vitest';
import { t } from '../schema/column-builder.ts';
import { typeChange } from './type-change.ts';

const cases = [
  [t.integer(), t.integer(), 'same'],
  [t.integer(), t.bigint(), 'other'],
  [t.bigint(), t.integer(), 'narrower'],
  [t.varchar(10), t.varchar(20), 'wider'],
  [t.varchar(20), t.varchar(10), 'narrower'],
  [t.varchar(20), t.text(), 'wider'],
  [t.text(), t.varchar(200), 'narrower'],
  [t.varchar(), t.varchar(200), 'narrower'],
  [t.numeric(10, 2), t.numeric(12, 2), 'wider'],
  [t.numeric(10, 2), t.numeric(10, 4), 'narrower'],
  [t.numeric(10, 4), t.numeric(10, 2), 'narrower'],
  [t.numeric(10, 4), t.numeric(), 'wider'],
  [t.numeric(), t.numeric(10, 4), 'narrower'],
  [t.real(), t.double(), 'wider'],
  [t.double(), t.real(), 'narrower'],
  [t.integer(), t.text(), 'other'],
  [t.text(), t.integer(), 'narrower'],
  [t.binary(), t.text(), 'narrower'],
  [t.binary(4), t.binary(8), 'wider'],
  [t.timestamp(), t.timestamptz(), 'other'],
  [t.timestamp({ precision: 6 }), t.timestamp({ precision: 0 }), 'narrower'],
  [t.enum('mood', ['a']), t.enum('mood', ['a', 'b']), 'wider'],
  [t.enum('mood', ['a', 'b']), t.enum('mood', ['a']), 'narrower'],
  [t.native('citext'), t.text(), 'other'],
] as const;

test.each(cases)('case %#', (from, to, change) => {
  expect(typeChange(from.spec.column.type, to.spec.column.type)).toBe(change);
});
