// One page that needs nothing but itself.
// In: ReportData. Out: HTML. Must not know what the page draws.

import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { pageScript, pageStyle } from './page-bundle.ts';
import type { ReportData } from './report.ts';
import { visible } from './visible.ts';

/** From here on the data are packed. */
const packedFrom = 200_000;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing in it can end the element, begin a comment, or be a line end to JavaScript and none to JSON. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text in HTML, or in an attribute of it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** What the page may do: run its own script, use its own style. `more`: what a server allows besides. */
export function policyOf(more: readonly string[] = []): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(pageScript)}`,
    `style-src ${hashOf(pageStyle)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    ...more,
  ].join('; ');
}

/** The page around what stands in its element of data. */
export function pageAround(title: string, embedded: unknown, policy: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(visible(title))}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<noscript>This page draws itself with a script of its own. `surefoot report --format markdown` needs none.</noscript>',
    `<script type="application/json" id="report">${embeddedJson(embedded)}</script>`,
    `<script>${pageScript}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** A report as one page. */
export function reportHtml(data: ReportData): string {
  const text = JSON.stringify(data);
  const embedded =
    text.length < packedFrom
      ? { report: data }
      : { packed: deflateRawSync(text, { level: 9 }).toString('base64') };
  return pageAround(`${data.title}: schema report`, embedded, policyOf());
}
