// SQLite copies its files itself.

import type { CopyBackup } from '../../dialect/native-backup.ts';

export const sqliteBackup: CopyBackup = { kind: 'copy', extension: 'sqlite' };
