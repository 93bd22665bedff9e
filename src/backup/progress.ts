/** How far it has come. `total` is `null` where nobody knows. */
export interface BackupProgress {
  readonly stage: 'saving' | 'restoring';
  /** A database that is a file is copied page by page. */
  readonly unit: 'bytes' | 'pages';
  readonly done: number;
  readonly total: number | null;
}
