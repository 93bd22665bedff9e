import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hostileReport, hostileTexts } from '../../test/report/hostile.ts';
import { embeddedJson, reportHtml } from './write-html.ts';

const data = hostileReport();
const html = reportHtml(data);

/** What stands in the element of data. */
function embedded(page: string): { readonly report?: unknown; readonly packed?: string } {
  const [, text = ''] = /<script type="application\/json" id="report">([^<]*)<\/script>/.exec(page) ?? [];
  return JSON.parse(text);
}

describe('the page', () => {
  test('holds what others wrote in its data only, and there without a character that ends an element', () => {
    const around = html.replace(/<script type="application\/json"[\s\S]*?<\/script>/, '');
    const [, title = ''] = /<title>([\s\S]*?)<\/title>/.exec(around) ?? [];
    expect(title).not.toMatch(/[<>"'\u2028\u202e]/);
    const rest = around.replace(title, '').replace(/<script>[\s\S]*?<\/script>/, '');
    expect(hostileTexts.filter((text) => rest.includes(text))).toEqual([]);
    expect(html.match(/<script[\s>]/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(/[\u2028\u2029]/.test(html)).toBe(false);
  });

  test('gives back what went in', () => {
    expect(embedded(html)).toEqual({ report: JSON.parse(JSON.stringify(data)) });
  });

  test('packs what is large, and loses nothing', () => {
    const large = { ...data, notes: Array.from({ length: 5000 }, (_, i) => `note ${i} </script><script>`) };
    const page = reportHtml(large);
    const { packed = '' } = embedded(page);
    const text = inflateRawSync(Buffer.from(packed, 'base64')).toString();
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(large)));
    expect(page.length).toBeLessThan(JSON.stringify(large).length);
  });

  test('allows its own script and its own style, and nothing else', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const said = policy.replaceAll('&#39;', "'");
    const hash = (tag: string) => {
      const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html) ?? [];
      expect(text.length).toBeGreaterThan(1000);
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(said.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash('script')}`,
      `style-src ${hash('style')}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('names nothing outside of itself', () => {
    const markup = html.replace(/<(script|title)[\s\S]*?<\/\1>/g, '');
    expect(/\s(?:src|href|action|srcset)\s*=|url\(|@import|<link|<base|<iframe/i.test(markup)).toBe(false);
  });

  test('has attributes nowhere that hold a script or a style', () => {
    const markup = html.replace(/<(script|style|title)[\s\S]*?<\/\1>/g, '');
    expect(/\s(?:on\w+|style)=/i.test(markup)).toBe(false);
  });
});

test.each([...hostileTexts])('%j survives', (text) => {
  const json = embeddedJson({ [text]: text });
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: text })));
  expect(json).not.toMatch(/[<>&\u2028\u2029]/);
});
