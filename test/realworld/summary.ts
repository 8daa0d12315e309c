import type { ReadSample } from './samples.ts';

const NAMES: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['VirtualService', ['service', 'services']],
  ['Destination', ['destination', 'destinations']],
  ['Connection', ['connection', 'connections']],
  ['IpvsadmTimeouts', ['line of timeouts', 'lines of timeouts']],
  ['Rule', ['rule', 'rules']],
  ['IpSet', ['set', 'sets']],
  ['Member', ['member', 'members']],
  ['Module', ['module', 'modules']],
  ['ToolError', ['answer of a tool', 'answers of tools']],
]);

/** What was read of a sample: how many nodes of each kind, and how often which diagnostic was given. */
export function summary({ read }: ReadSample): string {
  const counts = new Map<string, number>();
  for (const { parsed } of read.outputs) {
    if (parsed.value?.kind === 'ProxyLog') {
      counts.set('log', (counts.get('log') ?? 0) + parsed.value.lines);
      counts.set('statement', (counts.get('statement') ?? 0) + parsed.value.statements.length);
    } else count(parsed.value, counts);
  }
  const parts = [...NAMES].flatMap(([kind, [one, many]]) => phrase(counts.get(kind), one, many));
  parts.push(...phrase(counts.get('log'), 'log line', 'log lines'), ...phrase(counts.get('statement'), 'statement', 'statements'));
  const codes = [...new Set(read.codes)].sort();
  const told = codes.map(
    (code) =>
      `\`${code}\`${read.codes.filter((other) => other === code).length > 1 ? ` × ${read.codes.filter((other) => other === code).length}` : ''}`,
  );
  return `${parts.length === 0 ? 'nothing' : parts.join(', ')}${told.length === 0 ? '' : `; ${told.join(', ')}`}`;
}

function phrase(count: number | undefined, one: string, many: string): string[] {
  return count === undefined ? [] : [`${count} ${count === 1 ? one : many}`];
}

function count(value: unknown, counts: Map<string, number>): void {
  if (Array.isArray(value)) {
    for (const element of value) count(element, counts);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('kind' in value && typeof value.kind === 'string' && NAMES.has(value.kind) && 'span' in value) {
    counts.set(value.kind, (counts.get(value.kind) ?? 0) + 1);
  }
  for (const held of Object.values(value)) if (typeof held === 'object') count(held, counts);
}
