/** Which folder may import which, types included. The reasons stand beside each rule; `npm run boundaries` checks them. */
const parsers = ['ipvsadm', 'iptables', 'ipset', 'modules', 'nftables'];

/** The folders of drift, in the order in which data goes through them: none imports one that comes later. */
const flow = [
  'common',
  'read',
  'state',
  'ipvs',
  'world',
  'packets',
  'proxy',
  'services',
  'desired',
  'differences',
  'check',
  'judge',
  'report',
  'explain',
  'nodes',
  'trace',
  'rules',
  'render',
];
/** Files that still point back: which outputs contradict one another, or are of one host, is asked of their tables; an nft table is held as it is compiled. */
const pointingBack = '^packages/drift/src/(read/moments/contradicts|read/moments/own-rows|state/model|state/nft-tables)[.]ts$';

/** Words alone: they import nothing, so that the names of kube-proxy's chains and sets are spelled once. */
const names = '^packages/drift/src/proxy/names/(fixed-names|chain-roles)[.]ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'What imports itself, over however many files and even for a type alone, cannot be understood one file at a time.',
      severity: 'error',
      // In nft a set may hold statements, and a statement a set: the two types hold one another.
      from: { pathNot: '^packages/nftables/src/ast/' },
      to: { circular: true },
    },
    {
      name: 'core-stands-alone',
      comment: 'Text, spans, diagnostics and values are shared by all packages and know none of them.',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'parsers-know-only-core',
      comment: 'Each parser can be installed alone.',
      severity: 'error',
      from: { path: `^packages/(${parsers.join('|')})/` },
      to: { path: '^packages/', pathNot: '^packages/(core|$1)/' },
    },
    {
      name: 'drift-does-not-know-the-command',
      comment: 'The library gives values; files, arguments and terminals are for the command.',
      severity: 'error',
      from: { path: '^packages/drift/' },
      to: { path: '^packages/cli/' },
    },
    ...flow.slice(0, -1).map((folder, place) => ({
      name: `drift-${folder}-does-not-look-ahead`,
      comment: 'What is early in the flow is read and tested without what is made of it.',
      severity: 'error',
      from: { path: `^packages/drift/src/${folder}/`, pathNot: pointingBack },
      to: { path: `^packages/drift/src/(${flow.slice(place + 1).join('|')})/`, pathNot: names },
    })),
    {
      name: 'chevrotain-only-in-core',
      comment: 'No type of the grammar library is part of a public signature.',
      severity: 'error',
      from: { path: '^packages/(?!core/)' },
      to: { path: 'node_modules/chevrotain' },
    },
    {
      name: 'libraries-are-pure',
      comment: 'Text in, values out: only the command touches files and processes.',
      severity: 'error',
      from: { path: '^packages/(?!cli/)' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|types)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'default'] },
  },
};
