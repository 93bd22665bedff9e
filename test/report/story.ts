// In: nothing. Out: the reports of examples/todobox as it broke, and as it was mended. Must not know who looks.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { ReportData } from '../../src/report/report.ts';

const example = fileURLToPath(new URL('../../examples/todobox', import.meta.url));

const who = {
  osUser: 'deploy',
  host: 'app-1',
  pid: 4711,
  gitAuthor: 'Ada Lovelace <ada@example.com>',
  gitCommit: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
};

async function told(): Promise<{ readonly broken: ReportData; readonly mended: ReportData }> {
  const folder = mkdtempSync(join(tmpdir(), 'surefoot-story-'));
  try {
    cpSync(example, folder, { recursive: true, filter: (path) => !path.endsWith('.db') });
    const surefoot = createSurefoot({
      ...{ url: 'sqlite:./todobox.db', projectFolder: folder, models: './schema.ts', who },
    });
    const title = 'Todobox';
    await surefoot.upgrade('366e5694a9ad');
    await surefoot.stamp(['c682ef478e45'], { force: true });
    const broken = await surefoot.report({ title });
    await surefoot.upgrade();
    return { broken: placed(broken, folder), mended: placed(await surefoot.report({ title }), folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the name of the temporary folder. */
function placed(data: ReportData, folder: string): ReportData {
  return JSON.parse(JSON.stringify(data).replaceAll(folder, '/srv/todobox')) as ReportData;
}

let reports: ReturnType<typeof told> | undefined;

/** Both, made once. */
export function storyReports(): ReturnType<typeof told> {
  reports ??= told();
  return reports;
}
