export { diffSnapshots, type DiffOptions, type IgnoreRule } from './diff.ts';
export { CATALOGUE, type CatalogueEntry } from './judge/catalogue.ts';
export { renderJson } from './render/json.ts';
export { renderText, type TextOptions } from './render/text.ts';
export {
  reaches, type Cause, type Certainty, type Change, type Detail, type Effect, type Evidence, type ExplainedDifference, type Facts, type FactValue, type Finding,
  type Outcome, type PathStep, type Report, type ReportInput, type Severity, type Side, type Subject, type Trouble, type Verdict, type Witness, type WitnessPacket,
} from './report.ts';
export { parseSection, type ParsedSection, type ReadTool } from './snapshot/parse-section.ts';
export { readSnapshot } from './snapshot/read-snapshot.ts';
export type { Completeness, Part, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot/snapshot.ts';
