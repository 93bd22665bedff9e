import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import type { SqlSyntax } from './sql-text.ts';
import { canonicalText, firstKeywords, splitStatements, tokenize } from './sql-text.ts';

const plain: SqlSyntax = {
  dollarQuotes: false,
  backslashEscapes: false,
  hashComments: false,
  nestedComments: false,
  doubleQuotedStrings: false,
  compoundBodies: true,
};
const postgres: SqlSyntax = { ...plain, dollarQuotes: true, nestedComments: true };
const mysql: SqlSyntax = { ...plain, backslashEscapes: true, hashComments: true, doubleQuotedStrings: true };
const sqlite = plain;

const split = (sql: string, syntax: SqlSyntax) =>
  splitStatements(sql, syntax).map((statement) => statement.sql);

describe('splitStatements', () => {
  it('gives statements with their lines, without comments around them', () => {
    const sql =
      '-- head; not a statement\nselect 1; -- tail;\n\n/* only; a comment */;\n  select /* in; side */ 2\n;;';
    expect(splitStatements(sql, sqlite)).toEqual([
      { sql: 'select 1', line: 2 },
      { sql: 'select /* in; side */ 2', line: 5 },
    ]);
    expect(split('', sqlite)).toEqual([]);
    expect(split('-- nothing', sqlite)).toEqual([]);
  });

  it('knows the quotes of each family', () => {
    expect(
      split(`select 'a;''b', "c;""d", $x$ ; $y$ ; $x$; select E'\\';', '\\'; select 2`, postgres),
    ).toHaveLength(3);
    expect(split('select `a;``b`, \'a\\\';\', "c\\";"; select 2 # ; end\n; select 3', mysql)).toHaveLength(3);
    expect(split('select [a;b], `c;d`, "e;f"; select \'\\\'; select 3', sqlite)).toHaveLength(3);
    expect(split('select a[1]; select $1; select 5--1;\n', postgres)).toEqual([
      'select a[1]',
      'select $1',
      'select 5',
    ]);
    expect(split('select 5--1; select 2', mysql)).toHaveLength(2);
  });

  it('nests comments where the server does', () => {
    expect(split('select 1 /* a /* b; */ c; */; select 2', postgres)).toHaveLength(2);
    expect(split('select 1 /* a /* b; */; select 2', sqlite)).toHaveLength(2);
  });

  it('takes what is not closed to the end of the text', () => {
    for (const open of ["'a;", '"a;', '/* a;', '$$ a;'])
      expect(split(`select ${open} select 2;`, postgres)).toHaveLength(1);
  });

  it("keeps the body of SQLite's triggers, whatever its columns are called", () => {
    const trigger = `create temp trigger t after insert on a when case when new.x then 1 end = 1 begin
      update a set "end" = case when new.end > 1 then 2 else 3 end;
      select 1;
    end`;
    const sql = `create table a (id, "end", begin, x, case_ int); ${trigger}; select 2; create table trigger_ (a); begin; commit`;
    const statements = split(sql, sqlite);
    expect(statements).toHaveLength(6);
    expect(statements[1]).toBe(trigger);
    const db = new DatabaseSync(':memory:');
    for (const statement of statements) db.exec(statement);
    db.close();
  });

  it('keeps bodies of MySQL without DELIMITER', () => {
    const bodies = [
      'create procedure p() begin end',
      'create procedure p(a int) begin select 1; select 2; end',
      'create definer=`x`@`y` trigger t before insert on a for each row follows u set new.a = if(new.b, 1, 2)',
      'create trigger t before insert on a for each row if new.a then set new.b = 1; else set new.b = 2; end if',
      'create function f() returns int deterministic return if(1, 2, 3)',
      "create function f() returns set('a') deterministic begin return case when 1 then 2 end; end",
      'create procedure if not exists p() begin if a then select 1; elseif b then select 2; else if c then select 3; end if; end if; end',
      'create procedure p() l: loop leave l; end loop',
      'create procedure p() begin declare exit handler for sqlexception begin rollback; end; select 1; end',
      'create procedure p() begin case x when 1 then select 1; else select 2; end case; select 3; end',
      'create procedure p() begin repeat set a = 1; until a end repeat; while a do set a = 2; end while; end',
      'create procedure p() begin update t set end = 1, begin = 2 where t.end = 3; select `end`; drop table if exists x; end',
      'create event e on schedule every 1 day do begin select 1; select 2; end',
      'create procedure p() drop table if exists a',
      'begin not atomic select 1; select 2; end',
      '/*!50003 create*/ /*!50020 definer=`a`@`b`*/ /*!50003 trigger t after insert on a for each row begin select 1; end */',
    ];
    for (const body of bodies) expect(split(`${body}; select 9`, mysql)).toEqual([body, 'select 9']);
  });

  it('does not take other statements for bodies', () => {
    expect(
      split(
        'begin; select 1; commit; create table event (end int); create view v as select case a when 1 then 2 end; x',
        mysql,
      ),
    ).toHaveLength(6);
  });

  it("keeps PostgreSQL's BEGIN ATOMIC and the actions of rules", () => {
    const routine =
      'create function f() returns int begin atomic select case when true then 1 end as end; select t.end from t; end';
    const rule = 'create rule r as on insert to a do (delete from b; delete from c)';
    expect(split(`${routine}; ${rule}; begin; end; select 1`, postgres)).toEqual([
      routine,
      rule,
      'begin',
      'end',
      'select 1',
    ]);
  });

  it('follows DELIMITER of the mysql client', () => {
    const sql = `delimiter //\ncreate procedure p() begin select 1; select '//'; end//\nselect 2 //\nDELIMITER $$
create procedure q() begin select 3; end$$\ndelimiter ;\nselect 4; select a.delimiter`;
    expect(split(sql, mysql)).toEqual([
      "create procedure p() begin select 1; select '//'; end",
      'select 2',
      'create procedure q() begin select 3; end',
      'select 4',
      'select a.delimiter',
    ]);
    expect(split('DELIMITER //', postgres)).toEqual(['DELIMITER //']);
  });

  it('takes version comments of MySQL as code', () => {
    expect(split('/*!40101 SET NAMES utf8 */; /* no */; /*M!100 select 1 */', mysql)).toEqual([
      '/*!40101 SET NAMES utf8 */',
      '/*M!100 select 1 */',
    ]);
    expect(split('/*!40101 SET NAMES utf8 */;', sqlite)).toEqual([]);
  });
});

const syntaxes = fc.constantFrom(postgres, mysql, sqlite);
const sqlish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '[',
        ']',
        '$$',
        '$a$',
        '/*',
        '*/',
        '/*!1',
        '--',
        '#',
        ';',
        '\n',
        '\\',
        'e',
        'U&',
        'end',
        '//',
      ),
      fc.constantFrom(
        'create',
        'trigger',
        'procedure',
        'begin',
        'atomic',
        'case',
        'if',
        'delimiter',
        '(',
        ')',
        ' ',
        '1e5',
        '$1',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('any text', () => {
  it('is the tokens joined, and never empty ones', () => {
    fc.assert(
      fc.property(sqlish, syntaxes, (sql, syntax) => {
        const tokens = tokenize(sql, syntax);
        expect(tokens.map(({ text }) => text).join('')).toBe(sql);
        expect(tokens.every(({ text, start, end }) => text.length > 0 && end - start === text.length)).toBe(
          true,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('splits into pieces of the text, in order, that split no further', () => {
    fc.assert(
      fc.property(sqlish, syntaxes, (sql, syntax) => {
        let from = 0;
        for (const statement of splitStatements(sql, syntax)) {
          const at = sql.indexOf(statement.sql, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + statement.sql.length;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('has one canonical form, which is its own canonical form', () => {
    fc.assert(
      fc.property(sqlish, syntaxes, (sql, syntax) => {
        const closed = tokenize(sql, syntax).every(({ kind }) =>
          ['word', 'number', 'space', 'operator'].includes(kind),
        );
        fc.pre(closed && !/[[\]]|\/\*|--/.test(sql));
        const once = canonicalText(sql, syntax);
        expect(canonicalText(once, syntax)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('canonicalText', () => {
  it('does not mind spaces, comments, the case of words and needless quotes', () => {
    const a = 'SELECT "price" /* a /* b */ */ >=0  -- end\n AND Name<>\'X y\';';
    expect(canonicalText(a, postgres)).toBe(canonicalText(`select price>= 0 and "name" <> 'X y'`, postgres));
    expect(canonicalText('`createdAt` > 0', mysql)).toBe(canonicalText('createdat>0', mysql));
    expect(canonicalText('[a] = `b`', sqlite)).toBe('a = b');
  });

  it('keeps apart what may differ', () => {
    const pairs = [
      ["'a'", "'A'", postgres],
      ["'a b'", "'a  b'", postgres],
      ['"User"', 'user', postgres],
      ['"user"', 'user', postgres],
      ['"current_date"', 'current_date', postgres],
      ['"a.b"', 'a.b', postgres],
      ["x'ab'", "x 'ab'", sqlite],
      ["e'a\\'b'", "'a\\''", postgres],
      ['"a"', "'a'", mysql],
      ['a @> b', 'a @ > b', postgres],
      ['$$a$$', "'a'", postgres],
    ] as const;
    for (const [a, b, syntax] of pairs) {
      expect(canonicalText(a, syntax), `${a} and ${b}`).not.toBe(canonicalText(b, syntax));
    }
  });

  it('cuts operators as the servers do', () => {
    const operators = (sql: string, syntax: SqlSyntax) =>
      tokenize(sql, syntax)
        .filter(({ kind }) => kind === 'operator')
        .map(({ text }) => text);
    expect(operators('a=-1', postgres)).toEqual(['=', '-']);
    expect(operators('a @- b', postgres)).toEqual(['@-']);
    expect(operators('a::int >=/* */ b', postgres)).toEqual(['::', '>=']);
    expect(operators('a=@b<=>c->>d', mysql)).toEqual(['=', '@', '<=>', '->>']);
    expect(operators('a||b==c', sqlite)).toEqual(['||', '==']);
  });
});

describe('firstKeywords', () => {
  it('reads the words in front, and no further', () => {
    expect(firstKeywords('/* x */ CREATE Or REPLACE view "v" as select', postgres)).toEqual([
      'create',
      'or',
      'replace',
      'view',
    ]);
    expect(firstKeywords('( select 1)', postgres)).toEqual(['select']);
    expect(firstKeywords('/*!50003 create*/ trigger x', mysql)).toEqual(['create', 'trigger', 'x']);
    expect(firstKeywords('', sqlite)).toEqual([]);
  });
});

describe('long texts', () => {
  it.each([
    ["'", "''"],
    ['dollar signs', '$a '],
    ['open comments', '/* '],
    ['statements', 'select 1; '],
    ['words', 'é'],
    ['operators', '+'],
    ['brackets', '['],
  ])('of %s are read in one pass', (_, piece) => {
    for (const syntax of [postgres, mysql, sqlite]) {
      expect(splitStatements(piece.repeat(200_000), syntax).length).toBeGreaterThanOrEqual(0);
    }
  });
});
