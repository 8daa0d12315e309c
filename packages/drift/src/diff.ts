import { once } from './common/once.ts';
import { clusterChange } from './check/expected/cluster-change.ts';
import { assumeUnchanged } from './differences/assume-unchanged.ts';
import { compare } from './differences/compare.ts';
import { withoutHostNames } from './differences/host-names.ts';
import { withMarkFamilies } from './differences/mark-families.ts';
import { changesOf } from './judge/claims.ts';
import { judge } from './judge/judge.ts';
import { judgeRulesAlone } from './judge/rules/rules-alone.ts';
import { runningMode } from './judge/node/running-mode.ts';
import { proxyFacts } from './proxy/facts/facts.ts';
import type { NodeKnowledge } from './read/kinds/knowledge.ts';
import { nodeKnowledge } from './read/kinds/node-knowledge.ts';
import type { Differences, TableDifference } from './differences/difference.ts';
import { buildModel } from './state/build-model.ts';
import type { Model } from './state/model.ts';
import type { DiffOptions } from './diff-options.ts';
import type { Report } from './report.ts';
import { assembleReport } from './report/assemble.ts';
import { inputsOf, troublesOf } from './report/inputs.ts';
import { UNKNOWN_TABLE } from './read/recognise.ts';
import { areSameParts } from './read/seen-files.ts';
import { survivalOf } from './services/survival/survival.ts';
import type { ServedSide } from './services/survival/served.ts';
import type { Snapshot } from './read/snapshot.ts';

/**
 * Compares two snapshots of a node and says what the differences do to traffic.
 *
 * Only what both snapshots show is compared. Where one lacks what the other has, or holds something unreadable, `report.troubles` says so,
 * and the verdict is never `no-change`. The same two snapshots give the same report, byte for byte.
 *
 * @example
 * diffSnapshots(readSnapshot(before), readSnapshot(after)).verdict // => 'drift'
 */
export function diffSnapshots(before: Snapshot, after: Snapshot, options: DiffOptions = {}): Report {
  const shownBefore = buildModel(before);
  // Of the same bytes the same model is made: its tables are then equal by being the same.
  const shownAfter = areSameParts(before.parts, after.parts) ? shownBefore : buildModel(after, shownBefore);
  const {
    before: modelBefore,
    after: modelAfter,
    unresolved,
  } = withoutHostNames(withMarkFamilies(shownBefore, shownAfter), withMarkFamilies(shownAfter, shownBefore));
  const { uncompared, ...shown } = compare(modelBefore, modelAfter);
  const fillable = modelAfter === modelBefore ? undefined : assumeUnchanged(modelBefore, modelAfter);
  // What one mode programs says nothing of what the other side does not show. Two whole sides are not asked for their mode.
  const filled = fillable !== undefined && haveOneMode(modelBefore, modelAfter) ? fillable : undefined;
  const differences = filled === undefined ? shown : compare(filled.before, filled.after);
  const judgedBefore = withoutRulesOfDiffs(filled?.before ?? modelBefore);
  const judgedAfter = withoutRulesOfDiffs(filled?.after ?? modelAfter);
  const alone = differences.tables.filter(isAlone);
  const knowledge = { before: nodeKnowledge(before), after: nodeKnowledge(after) };
  const verdicts = judge(
    judgedBefore,
    judgedAfter,
    {
      ...differences,
      tables: differences.tables.filter((table) => !isAlone(table)),
      uncompared: [...uncompared, ...unresolved, ...unplacedIn(before, after)],
    },
    knowledge,
    {
      survival: once(() => survivalOf(servedSide(judgedBefore, knowledge.before), servedSide(judgedAfter, knowledge.after))),
      cluster: once(() => clusterChange({ snapshot: before, model: shownBefore }, { snapshot: after, model: shownAfter })),
    },
  );
  const troubles = troublesOf(before, after, modelBefore, modelAfter);
  const stories = [...verdicts.stories, ...judgeRulesAlone(alone).map((change) => ({ change, parts: [] }))];
  // What is taken as unchanged is no proof that nothing has an effect where what is shown differs.
  const silent =
    changesOf(stories).every(({ severity }) => severity === 'none') &&
    verdicts.uncompared.length === 0 &&
    filled !== undefined &&
    differ(shown);
  const told = { ...verdicts, stories, ...(silent ? { uncompared: [incompleteText(before, after)] } : {}) };
  return assembleReport({ before, after, verdicts: told, troubles, inputs: inputsOf(before, after), options });
}

/** Whether nobody can lead a packet through a table: a diff shows a part of it, or no line tells which table it is. */
function isAlone({ before, after }: TableDifference): boolean {
  return (before.alike === true && after.alike === true) || after.name === UNKNOWN_TABLE;
}

/** A model without the tables of which a diff shows a part: no packet can be led through them. */
function withoutRulesOfDiffs(model: Model): Model {
  const tables = [...model.tables].filter(([, { alike }]) => alike !== true);
  return tables.length === model.tables.size ? model : { ...model, tables: new Map(tables) };
}

/** What a diff changes that could not be compared, for it does not show where it belongs. */
function unplacedIn(...sides: readonly Snapshot[]): string[] {
  const told = sides.flatMap(({ parts }) =>
    parts.flatMap(({ source, completeness }) =>
      completeness.state === 'partial'
        ? completeness.because.flatMap(({ unplaced }) => (unplaced === undefined ? [] : [`${source}: ${unplaced}`]))
        : [],
    ),
  );
  return [...new Set(told)];
}

/** What is not shown was taken from the other side, and may be otherwise. */
function incompleteText(before: Snapshot, after: Snapshot): string {
  const names = [before, after].flatMap(({ parts }) =>
    parts.filter(({ completeness }) => completeness.state === 'partial').map(({ source }) => source),
  );
  return `${names.length === 0 ? 'one side' : [...new Set(names)].join(', ')} is incomplete: what it does not show is taken as unchanged`;
}

function servedSide(model: Model, knowledge: NodeKnowledge): ServedSide {
  return { model, knowledge, mode: runningMode({ model, facts: proxyFacts(model) }) };
}

function haveOneMode(before: Model, after: Model): boolean {
  const [one, other] = [before, after].map((model) => proxyFacts(model).proxyMode?.value);
  return one === other || one === undefined || other === undefined;
}

function differ({ ipvs, tables, sets, nft, modules, interfaces }: Omit<Differences, 'uncompared'>): boolean {
  return [tables, nft, modules, interfaces, ...Object.values(ipvs ?? {}), ...Object.values(sets ?? {})].some(
    (list) => Array.isArray(list) && list.length > 0,
  );
}
