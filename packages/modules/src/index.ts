export { canonicalModuleName, moduleAliases, type ModuleAlias, type ModuleNameOptions } from './module-name.ts';
export type {
  Lsmod,
  LsmodLayout,
  Module,
  ModuleErrorName,
  ModuleErrors,
  ModuleFile,
  ModuleNames,
  Modules,
  ModulesBuiltin,
  ModulesNode,
  ProcModules,
  ToolError,
} from './ast.ts';
