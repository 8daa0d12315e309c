import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusFiles, corpusFolder, describeCorpus } from '../support/corpus.ts';
import { buildCli, netdrift } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'netdrift-sql-'));
beforeAll(buildCli);
afterAll(() => rmSync(folder, { recursive: true }));

/** The rows of a query, each as texts and numbers. */
async function query(sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(sql);
  const rows = reader.getRows().map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
  connection.closeSync();
  return rows;
}

function recordsInto(name: string, files: readonly string[]): void {
  writeFileSync(join(folder, name), netdrift(['parse', '--format', 'jsonl', '--flat', ...files]).stdout);
}

const HEAD =
  'Chain INPUT (policy ACCEPT 10 packets, 400 bytes)\n pkts bytes target     prot opt in     out     source               destination         \n';
const RULES = (ssh: string, web: string): string =>
  `${HEAD}${ssh} ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:22\n${web} ACCEPT     tcp  --  eth0   *       0.0.0.0/0            10.0.0.0/8           tcp dpt:80\n`;

/** The query that docs/sql.md shows. */
const documented = /```sql\n([\s\S]*?)```/.exec(readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8'))?.[1] ?? '';

describe('records as columns', () => {
  it('answer in ten lines of SQL which rules changed their counters', async () => {
    writeFileSync(join(folder, 'before.txt'), RULES('   12   720', '    5   300'));
    writeFileSync(join(folder, 'after.txt'), RULES('   12   720', '1234K   74M'));
    recordsInto('before.jsonl', [join(folder, 'before.txt')]);
    recordsInto('after.jsonl', [join(folder, 'after.txt')]);
    expect(documented.trim().split('\n').length).toBeLessThanOrEqual(10);
    expect(
      await query(documented.replaceAll(/'(before|after)\.jsonl'/g, (_, name: string) => `'${join(folder, `${name}.jsonl`)}'`)),
    ).toEqual([[null, 'INPUT', '-p tcp -i eth0 -s 0.0.0.0/0 -d 10.0.0.0/8 -m tcp --dport 80 -j ACCEPT', 1_233_495, 1_234_494]]);
  });

  it('have a number for each counter, and its interval where it was printed shortened', () => {
    const { stdout } = netdrift(['parse', '--format', 'jsonl', '--flat'], { input: RULES('   12   720', '1234K   74M') });
    const rules = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ type }) => type === 'rule');
    expect(
      rules.map(({ packets, packetsHigh, bytes, bytesHigh, inInterface }) => [packets, packetsHigh, bytes, bytesHigh, inInterface]),
    ).toEqual([
      [12, null, 720, null, '*'],
      [1_233_500, 1_234_499, 73_499_500, 74_499_499, 'eth0'],
    ]);
  });

  it('have the time at which they were read where it is asked for, and need --format jsonl', () => {
    const { stdout } = netdrift(['parse', '--format', 'jsonl', '--flat', '--timestamps'], {
      input: 'Timeout (tcp tcpfin udp): 900 120 300\n',
    });
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'ipvsadm-timeouts',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    expect(netdrift(['parse', '--flat'])).toMatchObject({ status: 2, stderr: 'netdrift: --flat needs --format jsonl\n' });
  });
});

describeCorpus('ipvsadm', 'records of the corpus', () => {
  it('are one table to DuckDB, every folder together, each column of one type', async () => {
    const folders = readdirSync(corpusFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    for (const name of folders) {
      // A sample that shows every form: the whole takes minutes and says nothing more.
      const files = corpusFiles(name, (path) => /\.(?:txt|log)$/.test(path)).filter(
        (_, index, all) => index % Math.ceil(all.length / 25) === 0,
      );
      if (files.length > 0)
        recordsInto(
          `corpus-${name}.jsonl`,
          files.map((file) => join(corpusFolder, file)),
        );
    }
    const read = `read_json('${folder}/corpus-*.jsonl', format = 'newline_delimited', sample_size = -1, union_by_name = true, filename = true)`;
    const types = await query(
      `select tool, count(*) > 0 from ${read} where tool in ('ipvsadm', 'iptables', 'ipset') group by tool order by tool`,
    );
    expect(types).toEqual([
      ['ipset', true],
      ['iptables', true],
      ['ipvsadm', true],
    ]);
    const columns = await query(`describe select * from ${read}`);
    const loose = columns.filter(([, type]) => type === 'JSON' || String(type).startsWith('STRUCT')).map(([name]) => name);
    expect(loose).toEqual([]);
    for (const name of ['packets', 'bytes', 'weight', 'connections', 'line'])
      expect(columns.find(([column]) => column === name)?.[1]).toMatch(/^(?:BIGINT|UBIGINT|HUGEINT|DOUBLE)$/);
  }, 240_000);
});
