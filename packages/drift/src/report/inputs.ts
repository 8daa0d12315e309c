import { addToGroup } from '../common/add-to-group.ts';
import { proxyFacts } from '../proxy/facts/facts.ts';
import type { Model, RuleTable } from '../state/model.ts';
import type { ReportInput, Side, Trouble } from '../report.ts';
import { whyIncomplete } from '../read/completeness.ts';
import { kindOfName, type ListingKind, UNKNOWN_TABLE } from '../read/recognise.ts';
import type { Part, Snapshot } from '../read/snapshot.ts';

/** The inputs of both sides, in their order. */
export function inputsOf(before: Snapshot, after: Snapshot): ReportInput[] {
  return [...inputs('before', before), ...inputs('after', after)];
}

function inputs(role: Side, { parts }: Snapshot): ReportInput[] {
  return parts.map(({ source, title, content, completeness }) => {
    const reason = whyIncomplete(completeness);
    return {
      role,
      source,
      part: title,
      completeness: completeness.state,
      ...(reason === undefined ? {} : { reason }),
      ...(content.kind === 'rules' ? { interfacesHidden: content.value.kind === 'IptablesListing' && !content.value.layout.verbose } : {}),
    };
  });
}

/** Everything that keeps the two sides from being compared as they were given. */
export function troublesOf(before: Snapshot, after: Snapshot, modelBefore: Model, modelAfter: Model): Trouble[] {
  const troubles: Trouble[] = [];
  const lacking = [missingTools(before), missingTools(after)] as const;
  const nowhere = new Set([...lacking[0].keys()].filter((tool) => lacking[1].has(tool)));
  for (const [index, [side, snapshot]] of (
    [
      ['before', before],
      ['after', after],
    ] as const
  ).entries()) {
    const noDifference = new Set([...nowhere].flatMap((tool) => lacking[index]?.get(tool) ?? []));
    for (const { code, source, message, help } of snapshot.troubles)
      if (code !== 'snapshot/no-program' || source === undefined || !noDifference.has(source))
        troubles.push({ code, side, ...(source === undefined ? {} : { source }), message, ...(help === undefined ? {} : { help }) });
  }
  // Where nothing is known, or nothing stands twice, all that one side lacks follows from that.
  const nothing = new Set(['snapshot/nothing-known', 'snapshot/nothing-twice']);
  if (troubles.some(({ code }) => nothing.has(code))) return troubles;
  const told = { before: new Set<string>(), after: new Set<string>() };
  troubles.push(
    ...missingKinds('after', modelBefore, before, modelAfter, after, told.after),
    ...missingKinds('before', modelAfter, after, modelBefore, before, told.before),
  );
  troubles.push(
    ...missingFiles('after', before, after, modelAfter, told.after),
    ...missingFiles('before', after, before, modelBefore, told.before),
  );
  if (troubles.length === 0 && !overlap(modelBefore, modelAfter)) {
    troubles.push({ code: 'snapshot/nothing-in-common', side: 'after', message: 'shows nothing that the other snapshot shows too' });
  }
  return troubles;
}

/** The files in which a shell says that it has not got a tool, by the tool: missing on both sides, it is no difference. */
export function missingTools({ parts }: Snapshot): ReadonlyMap<string, readonly string[]> {
  const tools = new Map<string, string[]>();
  for (const { content, source } of parts) {
    if (content.kind === 'tool-error' && content.error === 'command-not-found' && content.tool !== undefined)
      addToGroup(tools, content.tool, source);
  }
  return tools;
}

/** What `side` lacks although the other one has it: that one's file is in the message, and in `told`. */
function missingKinds(
  side: Side,
  having: Model,
  havingSnapshot: Snapshot,
  lacking: Model,
  lackingSnapshot: Snapshot,
  told: Set<string>,
): Trouble[] {
  const other = side === 'after' ? 'before' : 'after';
  const troubles: Trouble[] = [];
  const empty = lackingSnapshot.parts.filter(({ completeness }) => completeness.state === 'absent');
  const report = (kind: ListingKind, what: string, parts: readonly number[] | undefined): void => {
    const source = parts?.[0] === undefined ? undefined : havingSnapshot.parts[parts[0]]?.source;
    if (source !== undefined) told.add(source);
    const file = empty.find((part) => kindOfName(part.source) === kind);
    const because = file === undefined ? '' : `: ${file.source} ${whyIncomplete(file.completeness) ?? ''}`;
    troubles.push({
      code: 'snapshot/part-missing',
      side,
      message: `has no listing of ${what}; ${other} has one${source === undefined ? '' : ` (${source})`}${because}`,
    });
  };
  // Where rules translate, ipset prints nothing and there is no IPVS table.
  const translated = isTranslated(lacking);
  if (having.ipvs !== undefined && lacking.ipvs === undefined && !translated) report('ipvs', 'the IPVS table', having.ipvs.origins);
  if (having.sets !== undefined && lacking.sets === undefined && !translated) report('sets', 'ip sets', having.sets.origins);
  for (const [key, table] of having.tables)
    if (
      table.name !== UNKNOWN_TABLE &&
      !lacking.tables.has(key) &&
      !lacking.wholeFamilies.has(table.family) &&
      !isKnownAbsent(lacking, table)
    )
      report('rules', `the ${table.family === 'ipv6' ? 'IPv6 ' : ''}${table.name} table`, table.origins);
  return troubles;
}

/** A table of iptables-nft is one of nft: where all of those are listed, it is known which there are. */
function isKnownAbsent({ nft }: Model, { family, name }: RuleTable): boolean {
  return nft?.complete === true && !nft.tables.has(`${family === 'ipv4' ? 'ip' : 'ip6'} ${name}`);
}

/** Whether services are led by iptables rules. */
function isTranslated(model: Model): boolean {
  const shown = proxyFacts(model).proxyMode?.value;
  const mode = shown === undefined || shown === 'mixed' ? model.proxyModeAnswer : shown;
  return mode === 'iptables' || mode === 'nftables';
}

/** Files that one script writes and that are missing from one of its folders; more than this and it was another script. */
const FEW = 2;

/** Two folders written by one script hold the same files: a listing that is missing in one was not taken. */
function missingFiles(side: Side, having: Snapshot, lacking: Snapshot, lackingModel: Model, told: ReadonlySet<string>): Trouble[] {
  const other = side === 'after' ? 'before' : 'after';
  const names = new Set(lacking.parts.map((part) => baseName(part.source)));
  const listings = having.parts.filter(isListing);
  const missing = listings.filter((part) => !names.has(baseName(part.source)));
  const translated = isTranslated(lackingModel);
  if (missing.length > FEW || listings.length - missing.length < 2) return [];
  return (
    missing
      .filter((part) => !(translated && (part.content.kind === 'ipvs' || part.content.kind === 'sets')))
      // One table of nft is listed where it exists; where all tables are listed, it is known what does not.
      .filter((part) => !(part.content.kind === 'nft' && lackingModel.nft?.complete === true))
      .filter((part) => !told.has(part.source))
      .map((part) => ({
        code: 'snapshot/file-missing',
        side,
        source: part.source,
        message: `has no ${baseName(part.source)}; ${other} has one`,
      }))
  );
}

function isListing(part: Part): boolean {
  return part.content.kind !== 'unknown' && kindOfName(part.source) !== undefined;
}

function baseName(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

function overlap(before: Model, after: Model): boolean {
  const tables = [...before.tables.keys()].some((key) => after.tables.has(key));
  const modules = (['builtin', 'loaded'] as const).some(
    (list) => before.modules?.[list] !== undefined && after.modules?.[list] !== undefined,
  );
  const interfaces = [...before.interfaces.keys()].some((name) => after.interfaces.has(name));
  const nft =
    before.nft !== undefined &&
    after.nft !== undefined &&
    ((before.nft.complete && after.nft.complete) || [...before.nft.tables.keys()].some((name) => after.nft?.tables.has(name)));
  const state = before.ipvsState !== undefined && after.ipvsState !== undefined;
  return (
    tables ||
    nft ||
    modules ||
    interfaces ||
    state ||
    (before.ipvs !== undefined && after.ipvs !== undefined) ||
    (before.sets !== undefined && after.sets !== undefined)
  );
}
