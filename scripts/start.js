// What `npm start` runs: netdrift in the folder in which the user typed it, since npm itself starts it in the project's.
const folder = process.env['INIT_CWD'];
if (folder !== undefined) process.chdir(folder);
await import('../packages/cli/dist/netdrift.js');
