import { expect, test } from 'vitest';
import { normalizeRoutine, normalizeTrigger } from './programs.ts';
import { defaultMysqlTraits } from './traits.ts';

const trigger = (sql: string) =>
  normalizeTrigger({ table: { namespace: null, name: 't' }, name: 'x', sql }).sql;

test.each([
  'CREATE TRIGGER `x` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1',
  'create definer=`root`@`%` trigger x\n before insert on t for each row SET NEW.a = 1;',
  "CREATE DEFINER = 'a b'@'localhost' TRIGGER IF NOT EXISTS db.x BEFORE INSERT ON db.t FOR EACH ROW SET NEW.a = 1 ;\n",
  'CREATE OR REPLACE DEFINER=CURRENT_USER() TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1',
  'CREATE DEFINER=root@localhost TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1',
])('one trigger in one spelling: %s', (sql) => {
  expect(trigger(sql)).toBe('CREATE TRIGGER `x` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1');
});

test('the body of a trigger stays; its place among others is not part of it', () => {
  expect(
    trigger('create trigger x after update on t for each row follows y begin  /* a */ set @a = 1; end;'),
  ).toBe('CREATE TRIGGER `x` AFTER UPDATE ON `t` FOR EACH ROW begin  /* a */ set @a = 1; end');
  expect(trigger('something else;')).toBe('something else');
});

const routine = (kind: 'function' | 'procedure', sql: string) =>
  normalizeRoutine({ namespace: null, name: 'f', kind, signature: '', sql }, defaultMysqlTraits).sql;

test('one function in one spelling', () => {
  const one = routine(
    'function',
    'CREATE FUNCTION f(a INT(11), b varchar ( 9 )) RETURNS DEC(8,2) NOT DETERMINISTIC CONTAINS SQL RETURN a',
  );
  expect(one).toBe('CREATE FUNCTION `f`(`a` int, `b` varchar(9)) RETURNS decimal(8,2) RETURN a');
  expect(
    routine(
      'function',
      'create definer=x@y function `f` ( `a` int , b varchar(9) ) returns decimal(8,2) sql security definer\nRETURN a;',
    ),
  ).toBe(one);
  expect(routine('function', one)).toBe(one);
});

test('characteristics that matter stay', () => {
  expect(
    routine(
      'procedure',
      "create procedure f(inout a int, out b enum('x,','y')) reads sql data comment 'it''s' sql security invoker begin end",
    ),
  ).toBe(
    "CREATE PROCEDURE `f`(INOUT `a` int, OUT `b` enum('x,','y')) READS SQL DATA SQL SECURITY INVOKER COMMENT 'it''s' begin end",
  );
});
