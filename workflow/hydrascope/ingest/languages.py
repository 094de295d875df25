"""Languages by the names that exports call them: codes, English and own names, Chinese ones."""

import re
import unicodedata
from functools import lru_cache

__all__ = ["NO_LANGUAGE", "language_code"]

# What platforms say of texts that are in none, or in none that they know.
NO_LANGUAGE = "und"
NONE = frozenset(("und", "zxx", "mul", "mis", "art", "qam", "qct", "qht", "qme", "qst"))
# A code and what follows it, such as zh-Hant-TW or en_US.UTF-8.
TAGGED = re.compile(r"([a-z]{2,3})[-_@.]")
# Languages that have three letters only and that platforms name.
RARER = """
ace arz ast awa ban bar bcl bho bjn ceb ckb csb dsb frr fur gsw haw hil hmn hsb ilo kab kok krl
lij lmo lus mad mai min mni mwl nap nds nso pam pap pcm scn sco shn tet tpi vec war
"""
REST = re.compile(r"\s*[(\[].*$", re.DOTALL)
QUALIFIERS = re.compile(
    r"^(simplified|traditional|mandarin|american|british|canadian|australian|brazilian|european"
    r"|latin american|mexican|modern|standard|swiss|austrian)\s+"
)
# ISO 639-1, and behind it the names of ISO 639-2 and 639-3, English ones, a language's own and
# Chinese ones. Written Chinese is one language, and so are Filipino and Tagalog.
NAMES = """
aa|afar|qafar|aar|阿法尔语|阿法文
ab|abkhazian|аԥсшәа|abk|阿布哈西亚语|阿布哈茲文
ae|avestan|ave|阿维斯塔语|阿維斯塔文
af|afrikaans|afr|南非荷兰语|南非荷蘭文
ak|akan|fat|aka|twi|阿肯语|阿坎文
am|amharic|አማርኛ|amh|阿姆哈拉语|阿姆哈拉文
an|aragonese|aragonés|arg|阿拉贡语|阿拉貢文
ar|arabic|العربية|arb|ara|阿拉伯语|阿拉伯文
as|assamese|অসমীয়া|asm|阿萨姆语|阿薩姆文
av|avaric|ava|阿瓦尔语|阿瓦爾文
ay|aymara|ayr|aym|艾马拉语|艾馬拉文
az|azerbaijani|azərbaycan|azj|aze|阿塞拜疆语|亞塞拜然文
ba|bashkir|башҡорт теле|bak|巴什基尔语|巴什喀爾文
be|belarusian|беларуская|bel|白俄罗斯语|白俄羅斯文
bg|bulgarian|български|bul|保加利亚语|保加利亞文
bh|bhojpuri|भोजपुरी|博杰普尔语|博傑普爾文|bihari|bih
bi|bislama|bis|比斯拉马语|比斯拉馬文
bm|bambara|bamanakan|bam|班巴拉语|班巴拉文
bn|bangla|বাংলা|ben|孟加拉语|孟加拉文|bengali
bo|tibetan|བོད་སྐད་|bod|tib|藏语|藏文|tibetan language
br|breton|brezhoneg|bre|布列塔尼语|布列塔尼文
bs|bosnian|bosanski|bos|波斯尼亚语|波士尼亞文
ca|catalan|català|cat|加泰罗尼亚语|加泰蘭文|valencian
ce|chechen|нохчийн|che|车臣语|車臣文
ch|chamorro|cha|查莫罗语|查莫洛文
co|corsican|corsu|cos|科西嘉语|科西嘉文
cr|cree|cwd|cre|克里语|克里文
cs|czech|čeština|ces|cze|捷克语|捷克文
cu|church slavic|церковнослове́нскїй|chu|教会斯拉夫语|宗教斯拉夫文
cv|chuvash|чӑваш|chv|楚瓦什语|楚瓦什文
cy|welsh|cymraeg|cym|wel|威尔士语|威爾斯文
da|danish|dansk|dan|丹麦语|丹麥文
de|german|deutsch|deu|ger|德语|德文
dv|divehi|ދިވެހިބަސް|div|迪维希语|迪維西文
dz|dzongkha|རྫོང་ཁ|adp|dzo|宗卡语|宗卡文
ee|ewe|eʋegbe|埃维语|埃維文
el|greek|ελληνικά|ell|gre|希腊语|希臘文|modern greek
en|english|eng|英语|英文
eo|esperanto|epo|世界语|世界文
es|spanish|español|spa|西班牙语|西班牙文|castellano|castilian
et|estonian|eesti|ekk|est|爱沙尼亚语|愛沙尼亞文
eu|basque|euskara|eus|baq|巴斯克语|巴斯克文
fa|persian|فارسی|pes|fas|per|波斯语|波斯文|farsi|dari|prs|فارسی دری
ff|fula|pulaar|fuc|ful|富拉语|富拉文
fi|finnish|suomi|fin|芬兰语|芬蘭文
fj|fijian|fij|斐济语|斐濟文
fo|faroese|føroyskt|fao|法罗语|法羅文
fr|french|français|fra|fre|法语|法文|francais
fy|western frisian|frysk|fry|西弗里西亚语|西弗里西亞文
ga|irish|gaeilge|gle|爱尔兰语|愛爾蘭文
gd|scottish gaelic|gàidhlig|gla|苏格兰盖尔语|蘇格蘭蓋爾文|gaelic
gl|galician|galego|glg|加利西亚语|加利西亞文
gn|guarani|avañe’ẽ|gug|grn|瓜拉尼语|瓜拉尼文
gu|gujarati|ગુજરાતી|guj|prp|古吉拉特语|古吉拉特文
gv|manx|gaelg|glv|马恩语|曼島文
ha|hausa|hau|豪萨语|豪薩文
he|hebrew|עברית|heb|希伯来语|希伯來文|iw
hi|hindi|हिन्दी|hin|印地语|印地文|हिंदी
ho|hiri motu|hmo|希里莫图语|西里莫圖土文
hr|croatian|hrvatski|scr|hrv|克罗地亚语|克羅埃西亞文
ht|haitian creole|kreyòl ayisyen|hat|海地克里奥尔语|海地文|haitian
hu|hungarian|magyar|hun|匈牙利语|匈牙利文
hy|armenian|հայերեն|hye|arm|亚美尼亚语|亞美尼亞文
hz|herero|her|赫雷罗语|赫雷羅文
ia|interlingua|ina|国际语|國際文
id|indonesian|indonesia|ind|印度尼西亚语|印尼文|bahasa indonesia|in
ie|interlingue|ile|国际文字(e)|國際文(e)
ig|igbo|ibo|伊博语|伊布文
ii|sichuan yi|ꆈꌠꉙ|iii|凉山彝语|四川彝文
ik|inupiaq|esk|ipk|伊努皮克语|依奴皮維克文
io|ido|伊多语|伊多文
is|icelandic|íslenska|isl|ice|冰岛语|冰島文
it|italian|italiano|ita|意大利语|義大利文
iu|inuktitut|ᐃᓄᒃᑎᑐᑦ|ike|iku|因纽特语|因紐特文
ja|japanese|日本語|jpn|日语|日文|nihongo
jv|javanese|jawa|jav|爪哇语|爪哇文|jw
ka|georgian|ქართული|kat|geo|格鲁吉亚语|喬治亞文
kg|kongo|kng|kon|刚果语|剛果文
ki|kikuyu|gikuyu|kik|吉库尤语|吉庫尤文
kj|kuanyama|kua|宽亚玛语|廣亞馬文
kk|kazakh|қазақ тілі|kaz|哈萨克语|哈薩克文
kl|kalaallisut|kal|格陵兰语|格陵蘭文|greenlandic
km|khmer|ខ្មែរ|khm|高棉语|高棉文|cambodian
kn|kannada|ಕನ್ನಡ|kan|卡纳达语|坎那達文
ko|korean|한국어|kor|韩语|韓文|韓語
kr|kanuri|knc|kau|卡努里语|卡努里文
ks|kashmiri|کٲشُر|kas|克什米尔语|喀什米爾文
ku|kurdish|kurdî (kurmancî)|kmr|kur|库尔德语|庫德文
kv|komi|kpv|kom|科米语|科米文
kw|cornish|kernewek|cor|康沃尔语|康瓦耳文
ky|kyrgyz|кыргызча|kir|柯尔克孜语|吉爾吉斯文|kirghiz
la|latin|latina|lat|拉丁语|拉丁文
lb|luxembourgish|lëtzebuergesch|ltz|卢森堡语|盧森堡文
lg|ganda|luganda|lug|卢干达语|干達文
li|limburgish|lim|林堡语|林堡文
ln|lingala|lingála|lin|林加拉语|林加拉文
lo|lao|ລາວ|老挝语|寮文|laotian
lt|lithuanian|lietuvių|lit|立陶宛语|立陶宛文
lu|luba-katanga|tshiluba|lub|鲁巴加丹加语|魯巴加丹加文
lv|latvian|latviešu|lvs|lav|拉脱维亚语|拉脫維亞文
mg|malagasy|plt|mlg|马拉加斯语|馬達加斯加文
mh|marshallese|mah|马绍尔语|馬紹爾文
mi|māori|mri|mao|毛利语|毛利文|maori
mk|macedonian|македонски|mkd|mac|马其顿语|馬其頓文
ml|malayalam|മലയാളം|mal|马拉雅拉姆语|馬來亞拉姆文
mn|mongolian|монгол|drh|khk|mon|蒙古语|蒙古文
mr|marathi|मराठी|mar|马拉地语|馬拉地文
ms|malay|melayu|zsm|msa|may|马来语|馬來文|bahasa melayu|bahasa malaysia|malaysian
mt|maltese|malti|mlt|马耳他语|馬爾他文
my|burmese|မြန်မာ|mya|bur|缅甸语|緬甸文|myanmar|myanmar language
na|nauru|nau|瑙鲁语|諾魯文
nb|norwegian bokmål|norsk bokmål|nob|书面挪威语|書面挪威文|bokmål|bokmal
nd|north ndebele|isindebele|nde|北恩德贝勒语|北地畢列文
ne|nepali|नेपाली|npi|nep|尼泊尔语|尼泊爾文
ng|ndonga|ndo|恩东加语|恩東加文
nl|dutch|nederlands|nld|dut|荷兰语|荷蘭文|flemish|vlaams
nn|norwegian nynorsk|norsk nynorsk|nno|挪威尼诺斯克语|新挪威文|nynorsk
no|norwegian|norsk|nor|挪威语|挪威文
nr|south ndebele|nbl|南恩德贝勒语|南地畢列文
nv|navajo|diné bizaad|nav|纳瓦霍语|納瓦荷文
ny|nyanja|nya|齐切瓦语|尼揚賈文|chewa|chichewa
oc|occitan|oci|奥克语|奧克西坦文
oj|ojibwa|ojg|oji|奥吉布瓦语|奧杰布瓦文
om|oromo|oromoo|gaz|orm|奥罗莫语|奧羅莫文
or|odia|ଓଡ଼ିଆ|ory|ori|奥里亚语|歐迪亞文|oriya
os|ossetic|ирон|oss|奥塞梯语|奧塞提文
pa|punjabi|ਪੰਜਾਬੀ|pan|旁遮普语|旁遮普文|panjabi
pi|pali|pli|巴利语|巴利文
pl|polish|polski|pol|波兰语|波蘭文|język polski
ps|pashto|پښتو|pbu|pus|普什图语|普什圖文|pushto
pt|portuguese|português|por|葡萄牙语|葡萄牙文|portugues
qu|quechua|runasimi|quz|que|克丘亚语|蓋楚瓦文
rm|romansh|rumantsch|roh|罗曼什语|羅曼斯文
rn|rundi|ikirundi|run|隆迪语|隆迪文
ro|romanian|română|mol|ron|rum|罗马尼亚语|羅馬尼亞文|moldovan|moldavian|mo|limba română
ru|russian|русский|rus|俄语|俄文|русский язык
rw|kinyarwanda|ikinyarwanda|kin|卢旺达语|盧安達文
sa|sanskrit|संस्कृत भाषा|cls|san|梵语|梵文
sc|sardinian|sardu|src|srd|萨丁语|撒丁文
sd|sindhi|سنڌي|snd|信德语|信德文
se|northern sami|davvisámegiella|sme|北方萨米语|北薩米文
sg|sango|sängö|sag|桑戈语|桑戈文
si|sinhala|සිංහල|sin|僧伽罗语|僧伽羅文|sinhalese
sk|slovak|slovenčina|slk|slo|斯洛伐克语|斯洛伐克文
sl|slovenian|slovenščina|slv|斯洛文尼亚语|斯洛維尼亞文|slovene
sm|samoan|smo|萨摩亚语|薩摩亞文
sn|shona|chishona|sna|绍纳语|紹納文
so|somali|soomaali|som|索马里语|索馬利文
sq|albanian|shqip|als|sqi|alb|阿尔巴尼亚语|阿爾巴尼亞文
sr|serbian|српски|scc|srp|塞尔维亚语|塞爾維亞文
ss|swati|siswati|ssw|斯瓦蒂语|斯瓦特文
st|southern sotho|sesotho|sot|南索托语|塞索托文
su|sundanese|basa sunda|sun|巽他语|巽他文
sv|swedish|svenska|swe|瑞典语|瑞典文
sw|swahili|kiswahili|swh|swa|斯瓦希里语|史瓦希里文
ta|tamil|தமிழ்|tam|泰米尔语|坦米爾文
te|telugu|తెలుగు|tel|泰卢固语|泰盧固文
tg|tajik|тоҷикӣ|tgk|塔吉克语|塔吉克文
th|thai|ไทย|tha|泰语|泰文|ภาษาไทย
ti|tigrinya|ትግርኛ|tir|提格利尼亚语|提格利尼亞文
tk|turkmen|türkmen dili|tuk|土库曼语|土庫曼文
tl|filipino|tagalog|fil|tgl|菲律宾语|菲律賓文|pilipino|wikang filipino
tn|tswana|setswana|tsn|茨瓦纳语|塞茲瓦納文
to|tongan|lea fakatonga|ton|汤加语|東加文
tr|turkish|türkçe|tur|土耳其语|土耳其文|turkce
ts|tsonga|xitsonga|tso|聪加语|特松加文
tt|tatar|татар|tat|鞑靼语|韃靼文
tw|契维语|特威文
ty|tahitian|tah|塔希提语|大溪地文
ug|uyghur|ئۇيغۇرچە|uig|维吾尔语|維吾爾文|uighur|uygur
uk|ukrainian|українська|ukr|乌克兰语|烏克蘭文|українська мова
ur|urdu|اردو|urd|乌尔都语|烏都文
uz|uzbek|o‘zbek|uzn|uzb|乌兹别克语|烏茲別克文
ve|venda|tshivenḓa|ven|文达语|溫達文
vi|vietnamese|tiếng việt|vie|越南语|越南文|tieng viet
vo|volapük|vol|沃拉普克语|沃拉普克文
wa|walloon|walon|wln|瓦隆语|瓦隆文
wo|wolof|wol|沃洛夫语|沃洛夫文
xh|xhosa|isixhosa|xho|科萨语|科薩文
yi|yiddish|ייִדיש|ydd|yid|意第绪语|意第緒文|ji
yo|yoruba|èdè yorùbá|yor|约鲁巴语|約魯巴文
za|zhuang|vahcuengh|zyb|zha|壮语|壯文
zh|chinese|中文|cmn|zho|chi|yue|wuu|hak|nan|gan|hsn|lzh|cjy|cdo|mnp|mandarin|cantonese
zh|taiwanese|hokkien|汉语|漢語|华语|華語|国语|國語|普通话|普通話|简体|簡體|繁体|繁體|粤语|粵語|廣東話|广东话|简体中文|簡體中文|繁体中文|繁體中文
zu|zulu|isizulu|zul|祖鲁语|祖魯文
"""


def _folded(name: str) -> str:
    """A name in small letters without accents, Chinese ones with simplified characters."""
    plain = unicodedata.normalize("NFKD", name.replace("語", "语")).casefold().strip()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


CODES = {
    _folded(name): row.partition("|")[0]
    for row in NAMES.split("\n")
    for name in row.split("|")
    if row
}


@lru_cache(4096)
def language_code(name: str) -> str:
    """The code of a language: two letters, or three where there are no two.

    Parameters
    ----------
    name : str
        A code of ISO 639 with or without a region, an English name, the
        language's own or a Chinese one.

    Returns
    -------
    str
        `und` where a platform says that there is none, '' where the name cannot
        be told.
    """
    name = _folded(name)
    if name in NONE:
        return NO_LANGUAGE
    tagged = TAGGED.match(name)
    for one in (name, REST.sub("", name), QUALIFIERS.sub("", name), tagged and tagged[1]):
        if one in CODES:
            return CODES[one]
        if one in RARER.split():
            return one
    return ""
