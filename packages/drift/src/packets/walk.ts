import type { Condition } from '../model/condition.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../model/model.ts';
import { candidates } from './chain-index.ts';
import { isOpaqueInMangle } from './mangling.ts';
import { decide, type World } from './match.ts';
import type { Packet } from './packet.ts';

/** A rule that a packet met, or the policy of a chain (`number` 0). */
export interface Met {
  readonly table: string;
  readonly chain: string;
  readonly number: number;
  readonly rule?: RuleEntry;
}

/** A condition that the listings do not decide, and the value taken for it. */
export interface Supposition {
  readonly condition: string;
  readonly holds: boolean;
}

/** One way a packet can leave a table. */
export interface Leaf {
  /** Part of the new connections that go this way, by `statistic` matches. */
  readonly share: number;
  readonly verdict: 'accept' | 'drop' | 'reject' | 'dnat' | 'snat' | 'unknown';
  readonly mark: number;
  /** Rules that did something, in order; the last one decided. */
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
  /** Why the outcome is unknown. */
  readonly reason?: string;
}

/** What a packet brings to a table. */
export interface Arrival {
  readonly packet: Packet;
  readonly mark: number;
  readonly world: World;
  /** Conditions that nobody can see and that are taken to hold; all others are taken not to. */
  readonly holding: ReadonlySet<string>;
}

interface Frame {
  readonly chain: RuleChain;
  /** The rules to be asked, in order; shared by forks. */
  readonly rules: readonly RuleEntry[];
  next: number;
}

interface State {
  readonly frames: Frame[];
  share: number;
  mark: number;
  path: Met[];
  suppositions: readonly Supposition[];
  exhausted?: true;
}

/** More ways than this and the outcome counts as unknown: the rules divide packets by chance over and over. */
const MAX_WAYS = 20_000;
/** Conditions that may be left open on one way. */
const MAX_SUPPOSITIONS = 8;
/** Chains one inside another: nft takes 16 levels of jumps, and nobody writes as many for the legacy tool. */
const MAX_DEPTH = 64;
const TOO_MANY = 'the rules branch too often on conditions that the listings do not decide';

/**
 * Walks a packet through one built-in chain and everything it jumps to: one leaf for each way that chance can take it.
 *
 * A `statistic` match divides the packet by its probability; a condition that cannot be decided has the value that `holding` gives it. Jumps
 * to chains that are not listed do what the chain's name promises where the name is one of kube-proxy's own (`KUBE-MARK-MASQ`
 * marks and returns), and otherwise make the outcome unknown.
 */
export function walk(table: RuleTable, hook: string, arrival: Arrival): Leaf[] {
  const { packet, mark } = arrival;
  const start = table.chains.get(hook);
  if (start === undefined) return [unknown({ frames: [], share: 1, mark, path: [], suppositions: [] }, `chain ${hook} is not listed`)];
  const leaves: Leaf[] = [];
  const work: State[] = [{ frames: [frameOf(start, packet)], share: 1, mark, path: [], suppositions: [] }];
  for (let state = work.pop(); state !== undefined; state = work.pop()) {
    if (leaves.length + work.length > MAX_WAYS) return [unknown(state, TOO_MANY)];
    leaves.push(advance(state, table, arrival, work));
  }
  return leaves;
}

function frameOf(chain: RuleChain, packet: Packet): Frame {
  return { chain, rules: candidates(chain, packet), next: 0 };
}

/** Runs one state to its end; what chance sends another way goes to `work`. */
function advance(state: State, table: RuleTable, arrival: Arrival, work: State[]): Leaf {
  for (;;) {
    const frame = state.frames.at(-1);
    if (frame === undefined) return unknown(state, 'the chain ended without a policy');
    const rule = frame.rules[frame.next];
    if (rule === undefined) {
      state.frames.pop();
      if (state.frames.length > 0) {
        dropIdleJump(state, frame.chain.name);
        continue;
      }
      return leafByPolicy(state, table, frame.chain);
    }
    frame.next++;
    const met = meets(rule, state, arrival, work);
    if (state.exhausted === true) return unknown(state, TOO_MANY);
    const leaf = met ? apply(rule, frame, state, table, arrival.packet) : undefined;
    if (leaf !== undefined) return leaf;
  }
}

/** Whether the packet meets the rule on this way; by chance it may go another way, which is put aside. */
function meets(rule: RuleEntry, state: State, { packet, world, holding }: Arrival, work: State[]): boolean {
  const open: Condition[] = [];
  let probability = 1;
  for (const condition of rule.conditions) {
    if (condition.kind === 'probability') {
      probability *= condition.not ? 1 - condition.probability : condition.probability;
      continue;
    }
    const decision = decide(condition, packet, state.mark, world);
    if (decision === false) return false;
    if (decision === undefined) open.push(condition);
  }
  if (rule.mayAskForInterface === true) open.push(hiddenCondition(rule));
  // A condition is supposed only where it matters: all that can be decided are met.
  for (const condition of open) if (!supposed(state, condition, holding)) return false;
  if (probability <= 0) return false;
  if (probability < 1) {
    work.push({ ...state, frames: state.frames.map((frame) => ({ ...frame })), share: state.share * (1 - probability) });
    state.share *= probability;
  }
  return true;
}

/** The value taken for a condition, which is the same everywhere on all ways. */
function supposed(state: State, condition: Condition, holding: ReadonlySet<string>): boolean {
  const text = condition.not ? condition.text.replace(/^! /, '') : condition.text;
  const holds = holding.has(text);
  if (!state.suppositions.some((made) => made.condition === text)) {
    if (state.suppositions.length >= MAX_SUPPOSITIONS) state.exhausted = true;
    state.suppositions = [...state.suppositions, { condition: text, holds }];
  }
  return holds !== condition.not;
}

/** Equal for equal rules, so that both snapshots suppose the same. */
function hiddenCondition(rule: RuleEntry): Condition {
  return { kind: 'other', not: false, match: 'interface', text: `the interface that "${rule.key}" may ask for, which the listing hides` };
}

function apply(rule: RuleEntry, frame: Frame, state: State, table: RuleTable, packet: Packet): Leaf | undefined {
  const { target } = rule;
  const opaque = isOpaqueInMangle(target, state.mark, table);
  if (target.kind === 'none' || (target.kind === 'other' && target.continues && !opaque)) return undefined;
  state.path = [...state.path, { table: table.name, chain: frame.chain.name, number: rule.number, rule }];
  switch (target.kind) {
    case 'mark':
      state.mark = ((state.mark & target.andMask) ^ target.xorValue) >>> 0;
      return undefined;
    case 'dnat':
    case 'snat':
      return leafOf(state, target.kind);
    case 'jump':
      return jump(target.chain, target.goto, state, table, packet);
    case 'verdict':
      return verdict(target.name, frame, state, table);
    case 'other':
      return unknown(state, `the target ${target.name} is not modelled`);
  }
}

function jump(name: string, goto: boolean, state: State, table: RuleTable, packet: Packet): Leaf | undefined {
  const chain = table.chains.get(name);
  if (chain === undefined) {
    const mark = CONVENTIONAL_MARKS.get(name);
    if (mark === undefined) return unknown(state, `chain ${name} is not listed`);
    state.mark = (state.mark | mark) >>> 0;
    return undefined;
  }
  if (state.frames.length >= MAX_DEPTH) return unknown(state, `chains jump into one another more than ${MAX_DEPTH} deep`);
  if (state.frames.some((open) => open.chain === chain)) return unknown(state, `chain ${name} jumps back to itself`);
  // After a go-to the packet does not come back: what is left of this chain is skipped, and its policy or caller is next.
  const from = state.frames.at(-1);
  if (goto && from !== undefined) from.next = from.rules.length;
  state.frames.push(frameOf(chain, packet));
  return undefined;
}

/** Chains of kube-proxy and kubelet that only set a mark. */
const CONVENTIONAL_MARKS: ReadonlyMap<string, number> = new Map([
  ['KUBE-MARK-MASQ', 0x4000],
  ['KUBE-MARK-DROP', 0x8000],
]);

function verdict(name: string, frame: Frame, state: State, table: RuleTable): Leaf | undefined {
  if (name === 'RETURN') {
    state.frames.pop();
    return state.frames.length > 0 ? undefined : leafByPolicy(state, table, frame.chain);
  }
  if (name === 'ACCEPT') return leafOf(state, 'accept');
  if (name === 'DROP') return leafOf(state, 'drop');
  if (name === 'REJECT') return leafOf(state, 'reject');
  return unknown(state, `the target ${name} is not modelled`);
}

/**
 * A jump into a chain where nothing happened is no part of the story, unless it is one to drop the packet: kubelet fills
 * KUBE-MARK-DROP, and where it has not, the jump still tells what was meant.
 */
function dropIdleJump(state: State, chain: string): void {
  if (chain === 'KUBE-MARK-DROP') return;
  const target = state.path.at(-1)?.rule?.target;
  if (target?.kind === 'jump' && target.chain === chain) state.path = state.path.slice(0, -1);
}

function leafByPolicy(state: State, table: RuleTable, { name, policy }: RuleChain): Leaf {
  return { ...leafOf(state, policy === 'DROP' ? 'drop' : 'accept'), path: [...state.path, { table: table.name, chain: name, number: 0 }] };
}

function leafOf(state: State, verdict: Leaf['verdict']): Leaf {
  return { share: state.share, verdict, mark: state.mark, path: state.path, suppositions: state.suppositions };
}

function unknown(state: State, reason: string): Leaf {
  return { ...leafOf(state, 'unknown'), reason };
}
