// Words that mean something to SQLite's parser (https://sqlite.org/lang_keywords.html).

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that never stand for a column unless they are quoted. */
const reserved = words(`
  ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE
  DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT
  NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE
  UPDATE USING VALUES WHEN WHERE`);

/** Words that the parser takes as part of an expression although it allows them as names. */
const operators = words(`
  LIKE GLOB REGEXP MATCH CAST END CURRENT_TIME CURRENT_DATE CURRENT_TIMESTAMP TRUE FALSE ASC DESC NULLS FIRST LAST OVER
  FILTER PARTITION BY RAISE`);

const others = words(`
  ABORT ACTION AFTER ALWAYS ANALYZE ATTACH BEFORE BEGIN CASCADE COLUMN CONFLICT CROSS CURRENT DATABASE DEFERRED DETACH DO
  EACH EXCLUDE EXCLUSIVE EXPLAIN FAIL FOLLOWING FOR FULL GENERATED GROUPS IF IGNORE IMMEDIATE INDEXED INITIALLY INNER
  INSTEAD KEY LEFT MATERIALIZED NATURAL NO OF OFFSET OTHERS OUTER PLAN PRAGMA PRECEDING QUERY RANGE RECURSIVE REINDEX
  RELEASE RENAME REPLACE RESTRICT RIGHT ROLLBACK ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER UNBOUNDED VACUUM VIEW
  VIRTUAL WINDOW WITH WITHIN WITHOUT`);

/** True for any word of SQLite's, reserved or not: such a name is quoted. */
export function isKeyword(word: string): boolean {
  const upper = word.toUpperCase();
  return reserved.has(upper) || operators.has(upper) || others.has(upper);
}

/** True for a bare word that never is a name. */
export function isReserved(word: string): boolean {
  return reserved.has(word.toUpperCase());
}

/** True for a bare word that stands for itself in an expression, never for a column. */
export function isExpressionKeyword(word: string): boolean {
  const upper = word.toUpperCase();
  return reserved.has(upper) || operators.has(upper);
}

/** Expression keywords after which a parenthesis is that of a call: no space between them. */
export function isCallKeyword(word: string): boolean {
  const upper = word.toUpperCase();
  return upper === 'CAST' || upper === 'RAISE' || upper === 'LIKE' || upper === 'GLOB';
}
