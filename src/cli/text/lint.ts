// Findings of lint for people, for GitHub and for code scanning. In: a report. Out: text. Must not know how they were found.

import { relative } from 'node:path';
import type { LintReport } from '../../library/lint-choices.ts';
import type { LintFinding } from '../../lint/finding.ts';
import type { Rule, Severity } from '../../lint/rule.ts';
import { escapeMessage, escapeProperty } from './findings.ts';
import type { Look } from './look.ts';
import { counted } from './words.ts';

const paints: Readonly<Record<Severity, (look: Look) => (text: string) => string>> = {
  error: (look) => look.bad,
  warning: (look) => look.warn,
  info: (look) => look.dim,
};

const number = new Intl.NumberFormat('en-US');

function sizeText({ rows, seconds }: LintFinding): readonly string[] {
  if (rows === null) return [];
  const span =
    seconds === null ? '' : `, about ${seconds < 1 ? 'less than a second' : `${Math.round(seconds)} s`}`;
  return [`the table has ${number.format(rows)} rows${span}`];
}

const shownPlaces = 5;

/** Where the application still names it; the first few, and how many there are. */
function usesText({ usedIn }: LintFinding, folder: string): readonly string[] {
  const more = usedIn.length - shownPlaces;
  const places = usedIn
    .slice(0, shownPlaces)
    .map(({ file, line }) => `still named in ${relative(folder, file)}:${line}`);
  return more > 0 ? [...places, `and in ${counted(more, 'more place')}`] : places;
}

const placeOf = ({ file, line }: LintFinding, folder: string): string =>
  `${relative(folder, file) || file}${line === null ? '' : `:${line}`}`;

function findingText(finding: LintFinding, folder: string, look: Look): string {
  const { severity, rule, message, help, operation, isFixable } = finding;
  const head = `${look.title(placeOf(finding, folder))} ${paints[severity](look)(severity)} ${look.dim(rule)}`;
  const steps = help.map((step, i) =>
    help.length === 1 ? `  ${look.dim('do:')} ${step}` : `  ${look.dim(`${i + 1}.`)} ${step}`,
  );
  const fix = isFixable ? [look.dim('  `surefoot lint --fix` rewrites it')] : [];
  return [
    head,
    `  ${operation}: ${message}`,
    ...[...sizeText(finding), ...usesText(finding, folder)].map((line) => `  ${line}`),
    ...steps,
    ...fix,
  ].join('\n');
}

/** For people: the findings, and how many there are. */
export function lintText(report: LintReport, folder: string, look: Look): string {
  const { findings, revisions, server } = report;
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const parts = (['error', 'warning'] as const)
    .filter((one) => count(one) > 0)
    .map((one) => counted(count(one), one));
  const infos = count('info') > 0 ? [counted(count('info'), 'note')] : [];
  const verdict = [...parts, ...infos].join(', ') || 'nothing to say';
  const looked = `${counted(revisions.length, 'revision')} looked at for ${server}: ${verdict}.`;
  return [...findings.map((one) => findingText(one, folder, look)), looked].join('\n\n');
}

const annotation: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** As annotations of a GitHub workflow. */
export function lintGithub({ findings }: LintReport, folder: string): string {
  return findings
    .map(({ severity, file, line, rule, message, help }) => {
      const place = [
        `file=${escapeProperty(relative(folder, file))}`,
        ...(line === null ? [] : [`line=${line}`]),
      ];
      const title = `title=${escapeProperty(`surefoot ${rule}`)}`;
      return `::${annotation[severity]} ${[...place, title].join(',')}::${escapeMessage(`${message}. ${help.join(' ')}`)}`;
    })
    .join('\n');
}

const level: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

const uriOf = (file: string, folder: string): string =>
  relative(folder, file).split(/[\\/]/).map(encodeURIComponent).join('/');

/** As SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). */
export function lintSarif(
  { findings }: LintReport,
  rules: readonly Rule[],
  { folder, version }: { readonly folder: string; readonly version: string },
): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'surefoot',
            version,
            rules: rules.map(({ id, summary, severity }) => ({
              id,
              shortDescription: { text: summary },
              defaultConfiguration: { level: level[severity] },
            })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          level: level[finding.severity],
          message: { text: [`${finding.message}.`, ...finding.help].join(' ') },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(finding.file, folder) },
                ...(finding.line === null ? {} : { region: { startLine: finding.line } }),
              },
            },
          ],
        })),
      },
    ],
  };
}
