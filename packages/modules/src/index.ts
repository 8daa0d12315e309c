export { modulesDiagnostics, type DiagnosticEntry } from './diagnostics.ts';
export type { ModulesForm } from './modules-form.ts';
export { locateInModules } from './locate.ts';
export { canonicalModuleName, moduleAliases, type ModuleAlias, type ModuleNameOptions } from './module-name.ts';
export { buildModules, isModulesNode } from './nodes.ts';
export { parseModules, type ParseModulesOptions } from './parse.ts';
export { printModules } from './print.ts';
export {
  requiredIpvsModules,
  type IpvsRequirements,
  type MissingModuleEffect,
  type RequiredModule,
  type RequirementOptions,
} from './required-modules.ts';
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
