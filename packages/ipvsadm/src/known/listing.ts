import type { KnownShapes } from '@netdrift/core';

/** Shapes of the lines of listings of real tools. Kept by `UPDATE_GOLDENS=1 npx vitest run test/laws/known-shapes.test.ts`. */
export const LISTING_SHAPES: KnownShapes = {
  tokens: [
    'BannerStart',
    'Column',
    'Engine',
    'Flags',
    'HexLocation',
    'HexMarkStart',
    'IPv6',
    'Location',
    'Mark',
    'MarkStart',
    'Mask',
    'MaskValue',
    'MaskWord',
    'MatchStart',
    'Ops',
    'Pe',
    'Persistent',
    'PersistentRow',
    'PlainRow',
    'ProcRow',
    'Protocol',
    'RateFigure',
    'RateRow',
    'Scheduler',
    'Seconds',
    'Server',
    'Size',
    'StatsFigure',
    'StatsRow',
    'ThresholdRow',
    'Ticks',
    'TitleArrow',
    'TitleStart',
    'TunnelRow',
    'Version',
    'VersionNumber',
    'Virtual',
    'title ActiveConn',
    'title CPS',
    'title Conns',
    'title Flags',
    'title Forward',
    'title InActConn',
    'title InBPS',
    'title InBytes',
    'title InPPS',
    'title InPkts',
    'title LocalAddress:Port',
    'title Lthreshold',
    'title OutBPS',
    'title OutBytes',
    'title OutPPS',
    'title OutPkts',
    'title PersistConn',
    'title RemoteAddress:Port',
    'title Scheduler',
    'title TunnelInfo',
    'title Uthreshold',
    'title Weight',
    'Extra',
  ],
  shapes: `AAAkAZAiAjAa A
AFAIAX DDAAAAAA
AFAIAXAO DDAABAAA
AFAIAXAOAQAeAM DDAABBBAA
AFAIAXAQAeAM DDAAABBAA
AJAIAGAVAVAVAVAV DBBC
AJAIAGAX DBBAAAAAA
AJAIAGAXADAQAYAKAL DBBABABABAAA
AJAIAGAXAQAY DBBAAABAAAAA
AJAIAGAXAQAYAKAL DBBAAABABAAA
AJAIAGAbAbAbAbAb DBBB
AJAIAVAVAVAVAV DBAC
AJAIAX DBAAAAAAA
AJAIAXAD DBAABAAAA
AJAIAXAO DBAAABAAA
AJAIAXAQAY DBAAAABAAAAA
AJAIAXAQAYAKAL DBAAAABABAAA
AJAIAbAbAbAbAb DBAB
ANAHAX DCAAAAAA
ARAHABABABAB ED
ASAHABABABAB EAA
ATAEABABABAB EG
AUAEAX DABAAAAAA
AUAEAXAO DABAABAAA
AUAEAXAOAQAeAM DABAABBBAA
AUAEAXAQAeAM DABAAABBAA
AUAHAVAVAVAVAV DAAC
AUAHAX DAAAAAAAA
AUAHAXA7 DAAAAAAAB
AUAHAXA7A7A7 DAAAAAAAD
AUAHAXA7A7A7A7 DAAAAAAAE
AUAHAXAD DAAABAAAA
AUAHAXADAO DAAABBAAA
AUAHAXADAQAY DAAABABAAAAA
AUAHAXADAQAYAKAL DAAABABABAAA
AUAHAXADAQAYAKALAO DAAABABABABA
AUAHAXAO DAAAABAAA
AUAHAXAQAY DAAAAABAAAAA
AUAHAXAQAYAKAL DAAAAABABAAA
AUAHAXAQAYAKALAPAC DAAAAABABBAA
AUAHAXAQAYAKALAPACAO DAAAAABABBBA
AUAHAXAQAYAO DAAAAABAAABA
AUAHAXAQAYAPAC DAAAAABAABAA
AUAHAXAQAYAPACAO DAAAAABAABBA
AUAHAbAbAbAbAb DAAB
AWAHAVAVAVAVAV EF
AcAHAbAbAbAbAb EE
AdAHABABABAB EC
AfA2 CA
AfA2ApA4A6AlAq CBB
AfA2ApA6AlAq CBA
AgAvA3 BAA
AgAvA3Ao BAB
AgAvA5AwAlAq BB
AgAvA6A1AlAq BC
AgAvAmAtAzArAx BE
AgAvAnAuA0AsAy BD
AhAHABABABABAB EB`,
};
