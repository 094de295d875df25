import json
from collections import Counter
def test_deep(read):
    bad=Counter()
    first = '{"kind":"youtube#videoListResponse"}\n'
    for lines in (True, False):
      for n in [*range(100, 900, 13), *range(900,1000)]:
        for opening, closing in (("[","]"),('{"a":','}')):
         for shape in ('{"kind":"youtube#video","id":"v","snippet":{"channelId":%s}}','{"kind":"youtube#video","id":"v","snippet":[%s]}','{"kind":"youtube#videoListResponse","items":{"a":%s}}'):
            deep = opening*n + "1" + closing*n
            c = shape % deep
            c = first + c if lines else  '[\n' + c + '\n]'
            try: f=read(c.encode(), "youtube_api", platform="youtube", snapshot="2030-01-01"); bad[lines, f.quarantine.reason[0][:30]]+=1
            except Exception as e: bad[lines, type(e).__name__, str(e)[:90]]+=1
    for b in bad.items(): print(b)
    assert 0
