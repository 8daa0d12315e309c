import { chromium } from 'playwright-core';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const R='fixtures/drift/kube-proxy/';
const cases={
 demo:['diff','fixtures/demo/before','fixtures/demo/drifted'],
 scale:['diff',R+'iptables-v1.30-pair-scale-up/after',R+'iptables-v1.30-pair-scale-up/before'],
 mode:['diff',R+'migration/ipvs',R+'migration/iptables'],
 nodes:['diff','--nodes','fixtures/demo/before','fixtures/demo/drifted','fixtures/demo/before'],
 check:['check','fixtures/demo/drifted'],
 same:['diff','fixtures/demo/before','fixtures/demo/before'],
 trouble:['diff','fixtures/demo/before','README.md'],
};
for(const [n,a] of Object.entries(cases)){ const r=spawnSync('node',['packages/cli/dist/netdrift.js',...a,'--format','html'],{encoding:'utf8',maxBuffer:1<<28}); writeFileSync(`/tmp/shot-${n}.html`,r.stdout); console.log(n,r.status,r.stdout.length,r.stderr.slice(0,100));
 for(const [w,wd] of [['wide',1280],['narrow',390]]){ const p=await b.newPage({viewport:{width:wd,height:900}}); await p.goto('file:///tmp/shot-'+n+'.html'); await p.screenshot({path:`/tmp/shot-${n}-${w}.png`,fullPage:false}); const o=await p.evaluate(()=>[document.documentElement.scrollWidth,innerWidth,document.documentElement.scrollHeight]); console.log(n,w,o.join()); await p.close(); } }
await b.close();
