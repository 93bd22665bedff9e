import { expect, test } from 'vitest';
import { countRows } from './count-rows.ts';

const dump = `-- MySQL dump
/*!40101 SET NAMES utf8 */;
CREATE TABLE \`a\` (
  \`id\` int DEFAULT '(1'
);
INSERT INTO \`a\` VALUES (1,'x),(2'),(2,'it\\'s \\\\'),(3,NULL);
INSERT INTO \`a\` VALUES
(4,'INSERT INTO \`b\` VALUES (1);'),
(5,0x28292C28);
INSERT INTO \`we\`\`ird VALUES (\` (\`V (\`, \`x\`\`\`) VALUES (ST_GeomFromText('POINT(1 2)'),(1)),(2,3);
INSERT INTO \`größe\` VALUES ('');
DELIMITER ;;
CREATE PROCEDURE p() BEGIN
INSERT INTO \`a\` VALUES (1),(2);
END ;;
DELIMITER ;
INSERT INTO \`a\` VALUES (6,';');
 INSERT INTO \`c\` VALUES (1);
INSERT INTO \`d`;

test.each([1, 2, 3, 7, 64, 10_000])('rows are counted in pieces of %i bytes', (size) => {
  const counter = countRows();
  const bytes = Buffer.from(dump);
  for (let at = 0; at < bytes.length; at += size) counter.read(bytes.subarray(at, at + size));
  expect(Object.fromEntries(counter.counts())).toEqual({ a: 6, 'we`ird VALUES (': 2, größe: 1 });
});
