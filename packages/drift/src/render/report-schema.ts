const severity = { enum: ['none', 'notice', 'warning', 'critical'] };
const certainty = { enum: ['proven', 'assumed', 'conditional', 'heuristic'] };
const side = { enum: ['before', 'after'] };
const text = { type: 'string' };
const texts = { type: 'array', items: text };
const count = { type: 'integer', minimum: 0 };
const facts = { type: 'object' };

function record(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required), additionalProperties: false };
}

const list = (items: object): object => ({ type: 'array', items });

const evidence = record({ side, source: text, lines: { type: 'array', items: count, minItems: 2, maxItems: 2 } });
const detail = record({ label: { enum: ['packet', 'before', 'after', 'shares', 'effect', 'also', 'because', 'services', 'if', 'look at'] }, text });
const subject = record(
  { kind: { enum: ['kube.servicePort', 'ipvs.service', 'ipvs.destination', 'ipset.set', 'ipset.member', 'iptables.chain', 'iptables.rule', 'module', 'interface.address', 'config', 'flow'] }, name: text },
  { frontends: texts },
);
const outcome = record(
  {
    verdict: { enum: ['delivered', 'refused', 'dropped', 'passed', 'unknown'] },
    endpoints: list(record({ address: text, share: { type: 'number', minimum: 0, maximum: 1 } })),
    path: list(record({ table: text, chain: text, rule: count })),
  },
  { masqueraded: { type: 'boolean' } },
);
const witness = record({
  packet: record({ protocol: text, source: text, destination: text, hook: text, from: { enum: ['pod', 'node', 'outside'] } }, { sourcePort: count, destinationPort: count }),
  before: outcome,
  after: outcome,
});

/**
 * JSON Schema (draft 2020-12) of a report, as `renderJson` writes it. `schemaVersion` 1.x only ever gains fields; a reader rejects another
 * first number. A validator that refuses unknown fields must follow the version.
 */
export const REPORT_SCHEMA: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'netdrift report',
  ...record({
    schemaVersion: { const: '1.0' },
    verdict: { enum: ['no-change', 'no-effect', 'drift', 'undecided'] },
    maxSeverity: severity,
    complete: { type: 'boolean' },
    inputs: list(
      record({ role: side, source: text, part: text, completeness: { enum: ['complete', 'partial', 'unreadable', 'absent'] } }, { reason: text, interfacesHidden: { type: 'boolean' } }),
    ),
    troubles: list(record({ code: text, side, message: text }, { source: text })),
    facts: record({ before: facts, after: facts }),
    causes: list(record({ key: text, id: text, severity, certainty, text, details: list(detail), changes: texts })),
    changes: list(
      record(
        {
          key: text,
          id: text,
          fingerprint: { type: 'string', pattern: '^[0-9a-f]{12}$' },
          severity,
          certainty,
          effect: { enum: ['lost', 'redirected', 'capacity', 'share-moved', 'source-changed', 'gained', 'rolled-over', 'attribute', 'undecided', 'none'] },
          subject,
          text,
          details: list(detail),
          assumptions: texts,
          explains: list(record({ id: text, subject: text })),
          evidence: list(evidence),
          ignored: { type: 'boolean' },
          known: { type: 'boolean' },
        },
        { before: facts, after: facts, previousSubject: subject, cause: text, toldWith: text, witness },
      ),
    ),
    findings: list(record({ id: text, severity, certainty, side, subject, text, evidence: list(evidence) })),
    scopeNotes: texts,
    undecided: texts,
    stats: record({ servicesBefore: count, servicesAfter: count, rulesBefore: count, rulesAfter: count, flowsCompared: count }),
  }),
};
