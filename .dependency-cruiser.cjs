/** Which folder may import which, types included. The reasons stand beside each rule; `npm run boundaries` checks them. */
const parsers = ['ipvsadm', 'iptables', 'ipset', 'modules', 'nftables'];

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'What imports itself, over however many files and even for a type alone, cannot be understood one file at a time.',
      severity: 'error',
      // In nft a set may hold statements, and a statement a set: the two types hold one another.
      // drift/src/judge: the engines there name the type that holds them; the packet space takes their place.
      from: { pathNot: '^packages/(nftables/src/ast|drift/src/judge)/' },
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
