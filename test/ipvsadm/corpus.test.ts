import {
  parseIpvsadm,
  parseIpvsadmStream,
  printIpvsadm,
  type IpvsadmNode,
  type IpvsadmStreamItem,
  type IpvsadmValue,
} from '@netdrift/ipvsadm';
import type { Diagnostic, Span } from '@netdrift/core';
import { expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/ipvsadm/src/parse.ts';
import { describeCorpus } from '../support/corpus.ts';
import { corpusOutputs, corpusText, withoutSpans } from './corpus-outputs.ts';

describeCorpus('ipvsadm', 'every captured output of ipvsadm and of /proc/net/ip_vs*', () => {
  const texts = corpusOutputs().map((path) => [path, corpusText(path)] as const);
  const failing = (holds: (text: string, path: string) => boolean): string[] =>
    texts.filter(([path, text]) => !holds(text, path)).map(([path]) => path);

  it('is there: 1181 files', () => {
    expect(texts.length).toBeGreaterThanOrEqual(1181);
  });

  it('prints back byte for byte from a clone without spans', () => {
    expect(failing((text) => printIpvsadm(withoutSpans(parseIpvsadm(text).value)) === text)).toEqual([]);
  });

  it('is read without an error', () => {
    expect(failing((text) => parseIpvsadm(text).diagnostics.every(({ severity }) => severity !== 'error'))).toEqual([]);
  });

  it('survives JSON unchanged', () => {
    expect(
      failing((text) => {
        const { value } = parseIpvsadm(text);
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        return true;
      }),
    ).toEqual([]);
  });

  it('has every line under a node, a title or a diagnostic', () => {
    expect(failing((text) => uncovered(text).length === 0)).toEqual([]);
  });

  it('gives the same by known shapes as by the grammar alone', () => {
    expect(failing((text) => JSON.stringify(parseByGrammar(text)) === JSON.stringify(parseIpvsadm(text)))).toEqual([]);
  });

  it('gives the same tree with CRLF line ends and without trailing blanks', () => {
    expect(failing((text) => sameTree(text, text.replaceAll('\n', '\r\n')))).toEqual([]);
    expect(failing((text) => sameTree(text, text.replace(/ +$/gm, '')))).toEqual([]);
  });

  it('gives the same nodes as a stream of small pieces', async () => {
    const wrong: string[] = [];
    for (const [path, text] of texts) {
      const { value, diagnostics } = parseIpvsadm(text);
      const streamed = await collect(text, path.length % 2 === 0 ? 1000 : 37);
      if (JSON.stringify(streamed.nodes) !== JSON.stringify(nodesOf(value))) wrong.push(path);
      expect(streamed.diagnostics).toEqual(expect.arrayContaining([...diagnostics]));
      expect(streamed.value).toEqual(withoutNodes(value));
    }
    expect(wrong).toEqual([]);
  });
});

function sameTree(text: string, other: string): boolean {
  return JSON.stringify(withoutSpans(parseIpvsadm(text).value)) === JSON.stringify(withoutSpans(parseIpvsadm(other).value));
}

function nodesOf(value: IpvsadmValue): readonly IpvsadmNode[] {
  switch (value.kind) {
    case 'IpvsadmListing':
    case 'IpvsadmSave':
      return value.services;
    case 'IpvsadmConnections':
      return value.connections;
    case 'IpvsadmDaemons':
      return value.daemons;
    default:
      return [];
  }
}

function withoutNodes(value: IpvsadmValue): IpvsadmValue {
  switch (value.kind) {
    case 'IpvsadmListing':
    case 'IpvsadmSave':
      return { ...value, services: [] };
    case 'IpvsadmConnections':
      return { ...value, connections: [] };
    case 'IpvsadmDaemons':
      return { ...value, daemons: [] };
    default:
      return value;
  }
}

/** Lines that are neither a node, nor under a diagnostic, nor a title that the tool prints above the first node. */
function uncovered(text: string): string[] {
  const { value, diagnostics } = parseIpvsadm(text);
  if (value.kind === 'IpvsadmTimeouts' || value.kind === 'IpvsStatistics' || value.kind === 'ToolError') return [];
  const spans: Span[] = diagnostics.map(({ span }) => span);
  for (const node of nodesOf(value)) {
    spans.push(node.span);
    if (node.kind === 'VirtualService') spans.push(...node.destinations.map(({ span }) => span));
  }
  const starts = new Set(spans.map(({ start, end }) => `${start}-${end}`));
  const titles = printIpvsadm(withoutNodes(value)).split('\n');
  const left: string[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const isTitle = titles.includes(line);
    if (!isTitle && line !== '' && !starts.has(`${start}-${end}`)) left.push(line);
    start = end + 1;
  }
  return left;
}

async function collect(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
  }
  const items: IpvsadmStreamItem[] = [];
  for await (const item of parseIpvsadmStream(pieces())) items.push(item);
  const last = items.pop();
  const value = last?.type === 'value' ? last.value : undefined;
  const nodes = items.flatMap((item): IpvsadmNode[] =>
    item.type === 'service' ? [item.service] : item.type === 'connection' ? [item.connection] : item.type === 'daemon' ? [item.daemon] : [],
  );
  const diagnostics = items.flatMap((item): Diagnostic[] => (item.type === 'diagnostic' ? [item.diagnostic] : []));
  return { value, nodes, diagnostics };
}
