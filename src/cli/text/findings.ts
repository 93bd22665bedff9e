// Findings for people and for GitHub. In: a report. Out: text. Must not know how they were found.

import type { CheckReport, Finding, Severity } from '../../check/finding.ts';
import type { CheckedSides } from '../../library/api.ts';
import type { Look } from './look.ts';
import { tablesText } from './side-by-side.ts';
import { counted } from './words.ts';

const paints: Readonly<Record<Severity, (look: Look) => (text: string) => string>> = {
  error: (look) => look.bad,
  warning: (look) => look.warn,
  information: (look) => look.dim,
};

function sidesText({ facts }: Finding): readonly string[] {
  const side = (name: string) =>
    typeof facts[name] === 'string' ? [`${name.padEnd(8)} ${facts[name]}`] : [];
  const lines = (name: 'removed' | 'added', sign: string) =>
    Array.isArray(facts[name]) ? facts[name].map((line) => `${sign} ${String(line)}`) : [];
  return [
    ...side('expected'),
    ...side('found'),
    ...side('query'),
    ...side('error'),
    ...lines('removed', '-'),
    ...lines('added', '+'),
  ];
}

function findingText(finding: Finding, look: Look): string {
  const paint = paints[finding.severity](look);
  const revision = finding.revision === null ? '' : ` ${look.id(finding.revision)}`;
  const head = `${paint(finding.severity)} ${look.dim(finding.code)}${revision}\n  ${finding.message}`;
  const facts = sidesText(finding).map((line) => `    ${line}`);
  return [head, ...facts, `  ${look.dim('cure:')} ${finding.cure}`].join('\n');
}

function countText(findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const said = [
    count('error') > 0 ? counted(count('error'), 'error') : '',
    count('warning') > 0 ? counted(count('warning'), 'warning') : '',
  ];
  return said.filter((one) => one !== '').join(', ') || 'Nothing to mend';
}

function verdict({ heads, pending, identified, findings }: CheckReport, look: Look): string {
  const at = heads.join(', ') || 'base';
  const waiting =
    pending.length === 0 ? 'nothing is pending' : `${counted(pending.length, 'revision')} pending`;
  const lines = [`The database stands at ${look.id(at)}; ${waiting}. ${countText(findings)}.`];
  if (identified) {
    const nearest = identified.nearest.join(' or ');
    const near = identified.distance === 0 ? 'the schema is that of' : `the schema is nearest to that of`;
    const apart = identified.distance === 0 ? '' : ` (${counted(identified.distance, 'difference')})`;
    lines.push(look.bad(`Recorded ${identified.recorded.join(', ') || 'base'}; ${near} ${nearest}${apart}.`));
  }
  return lines.join('\n');
}

/** A report for people: the verdict last, where the eye rests. */
export function reportText(report: CheckedSides, look: Look): string {
  const shown = report.findings.filter(({ severity }) => severity !== 'information');
  const hidden = report.findings.length - shown.length;
  const more =
    hidden === 0 ? [] : [look.dim(`and ${counted(hidden, 'note')}: --verbose or --json shows all`)];
  const tables = report.sides ? tablesText(report.sides, look) : [];
  return [
    ...shown.map((finding) => findingText(finding, look)),
    ...more,
    ...tables,
    verdict(report, look),
  ].join('\n\n');
}

/** A report with its notes. */
export function wholeReportText(report: CheckedSides, look: Look): string {
  const findings = report.findings.map((finding) => findingText(finding, look));
  const tables = report.sides ? tablesText(report.sides, look) : [];
  return [...findings, ...tables, verdict(report, look)].join('\n\n');
}

const annotation: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
};

// The form of workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
/** The text of an annotation. */
export const escapeMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
/** A property of an annotation. */
export const escapeProperty = (text: string): string =>
  escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A report as annotations of a GitHub workflow. */
export function githubText({ findings }: CheckReport): string {
  return findings
    .map(
      ({ severity, code, message, cure }) =>
        `::${annotation[severity]} title=${escapeProperty(`surefoot ${code}`)}::${escapeMessage(`${message}. Cure: ${cure}`)}`,
    )
    .join('\n');
}
