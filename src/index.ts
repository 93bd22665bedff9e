export type { ConfigContext, FleetConfig, SurefootConfig } from './config/define-config.ts';
export { defineConfig } from './config/define-config.ts';
export type { Connection, QueryResult, Row, SqlValue } from './dialect/connection.ts';
export type { TargetResult, TargetStatus } from './fleet/result.ts';
export type { FleetSummary } from './fleet/summary.ts';
export type { StoredEntry as JournalEntry } from './journal/entry.ts';
export type { ErrorCode, ErrorDetails } from './kernel/errors.ts';
export { isSurefootError, SurefootError } from './kernel/errors.ts';
export type {
  Current,
  HistoryEntry,
  RunChoices,
  RunResult,
  StampChoices,
  Status,
  Surefoot,
  SurefootOptions,
} from './library/api.ts';
export { assertReady } from './library/assert-ready.ts';
export type {
  BackupChoices,
  BackupProgress,
  BackupResult,
  RestoreChoices,
  RestoreOutline,
  RestoreResult,
} from './library/backup-choices.ts';
export { createFleet } from './library/create-fleet.ts';
export { createSurefoot } from './library/create-surefoot.ts';
export type { Fleet, FleetChoices } from './library/fleet-choices.ts';
export type { ReadyOptions } from './library/ready.ts';
export type { ReportChoices } from './library/report-choices.ts';
export type { Operation } from './operations/operation.ts';
export type { Plan, PlanChoices, Step } from './plan/plan.ts';
export type { ReportData } from './report/report.ts';
export type { OperationBuilder, RunContext } from './revisions/operation-builder.ts';
export type { RevisionContext, RevisionContract, RevisionDefinition } from './revisions/revision.ts';
export { irreversible, revision } from './revisions/revision.ts';
export type { Hooks } from './runner/outcome.ts';
export type { ColumnBuilder } from './schema/column-builder.ts';
export { sql, t } from './schema/column-builder.ts';
export { defineSchema, table } from './schema/define-schema.ts';
export type { Column, ColumnType, Schema, Table } from './schema/schema.ts';
