import { sourceKindOf } from './kinds/source-kinds.ts';
import { isPiece, lacksRows } from './completeness.ts';
import type { Part } from './snapshot.ts';

/**
 * What an output shows, as keys that two outputs share where they show the same thing: tables, the chain, set or service that was asked
 * for, rows of kubectl. An output that could not be read shows nothing.
 */
export function thingsOf({ content, completeness, command = '' }: Part): readonly string[] {
  switch (content.kind) {
    case 'ipvs': {
      const { value } = content;
      // A listing of one service has no banner.
      const isWhole = value.kind === 'IpvsadmSave' || value.version !== undefined || completeness.state === 'complete';
      return isWhole
        ? ['ipvs']
        : value.services.map(
            (service) =>
              `ipvs ${JSON.stringify([service.protocol, service.address, service.port, service.name, service.portName, service.fwmark, service.family])}`,
          );
    }
    case 'ipvs-state':
      return [`ipvs-state ${content.value.kind}`];
    case 'rules': {
      const { value, family, tableNames, chain } = content;
      // Of a table that went through grep or the like, the chains of which rules are left; of a piece of a save, its chains.
      const isPicked = chain === undefined && (lacksRows(completeness) || isPiece(completeness));
      return value.tables.flatMap((table, index) => {
        const name = `rules ${family} ${table.name ?? tableNames[index] ?? ''}`;
        if (isPicked && table.chains.length > 0) return table.chains.map((one) => `${name} ${one.name}`);
        return [chain === undefined ? name : `${name} ${chain}`];
      });
    }
    case 'sets':
      return content.value.sets.length === 0 ? ['sets'] : content.value.sets.map(({ name }) => `sets ${name}`);
    case 'nft':
      return content.value.tables.length === 0 ? ['nft'] : content.value.tables.map(({ family, name }) => `nft ${family} ${name}`);
    case 'modules':
      return [content.value.kind === 'ModulesBuiltin' ? 'modules builtin' : 'modules loaded'];
    case 'tool-error':
      return content.error === 'ipvs-not-available' ? ['ipvs'] : [];
    case 'other':
      return [`other ${content.what}`];
    case 'reader':
      return sourceKindOf(content.value).things?.(content.value, command) ?? [];
    case 'unknown':
      return [];
  }
}

/** How an output shows it: outputs of one form that show the same thing are of different moments. */
export function formOf({ content, source }: Part): string {
  switch (content.kind) {
    case 'ipvs':
    case 'ipvs-state':
    case 'rules':
    case 'sets':
    case 'modules':
      return JSON.stringify([content.value.kind, 'layout' in content.value ? content.value.layout : undefined]);
    // One script lists the tables in several ways, each into a file of its own.
    case 'nft':
      return `nft ${content.value.layout.form} ${source}`;
    case 'tool-error':
      return 'error';
    case 'reader':
      return content.value.kind;
    default:
      return content.kind;
  }
}
