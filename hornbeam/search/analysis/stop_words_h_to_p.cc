#include "hornbeam/search/analysis/stop_word_lists.h"

// Source: the stop words of Lucene 8.7's analyzers, which are those of Snowball (BSD licence), of
// Jacques Savoy (BSD licence) and of Lucene itself (Apache licence 2.0).
namespace hornbeam::search {

std::span<const StopWordList> stop_words_h_to_p() {
  static constexpr StopWordList kLists[] = {
      // clang-format off
      {"hindi",
       "अंदर अत अदि अप अपना अपनि अपनी अपने अभि अभी आदि आप इंहिं इंहें इंहों इतयादि इत्यादि इन "
       "इनका इन्हीं इन्हें इन्हों इस इसका इसकि इसकी इसके इसमें इसि इसी इसे उंहिं उंहें उंहों उन "
       "उनका उनकि उनकी उनके उनको उन्हीं उन्हें उन्हों उस उसके उसि उसी उसे एक एवं एस एसे ऐसे ओर "
       "और कइ कई कर करता करते करना करने करें कहते कहा का काफि काफ़ी कि किंहें किंहों कितना "
       "किन्हें किन्हों किया किर किस किसि किसी किसे की कुछ कुल के को कोइ कोई कोन कोनसा कौन "
       "कौनसा गया घर जब जहाँ जहां जा जिंहें जिंहों जितना जिधर जिन जिन्हें जिन्हों जिस जिसे जीधर "
       "जेसा जेसे जैसा जैसे जो तक तब तरह तिंहें तिंहों तिन तिन्हें तिन्हों तिस तिसे तो था थि थी "
       "थे दबारा दवारा दिया दुसरा दुसरे दूसरे दो द्वारा न नहिं नहीं ना निचे निहायत नीचे ने पर "
       "पहले पुरा पूरा पे फिर बनि बनी बहि बही बहुत बाद बाला बिलकुल भि भितर भी भीतर मगर मानो मे "
       "में यदि यह यहाँ यहां यहि यही या यिह ये रखें रवासा रहा रहे ऱ्वासा लिए लिये लेकिन व वगेरह "
       "वरग वर्ग वह वहाँ वहां वहिं वहीं वाले वुह वे वग़ैरह संग सकता सकते सबसे सभि सभी साथ साबुत "
       "साभ सारा से सो हि ही हुअ हुआ हुइ हुई हुए हे हें है हैं हो होता होति होती होते होना होने"},
      {"hungarian",
       "a abban ahhoz ahogy ahol aki akik akkor alatt amely amelyek amelyekben amelyeket "
       "amelyet amelynek ami amikor amit amolyan amíg annak arra arról az azok azon azonban azt "
       "aztán azután azzal azért be belül benne bár cikk cikkek cikkeket csak de e ebben eddig "
       "egy egyes egyetlen egyik egyre egyéb egész ehhez ekkor el ellen első elég elő először "
       "előtt emilyen ennek erre ez ezek ezen ezt ezzel ezért fel felé hanem hiszen hogy hogyan "
       "igen ill ill. illetve ilyen ilyenkor ismét ison itt jobban jó jól kell kellett "
       "keressünk keresztül ki kívül között közül legalább legyen lehet lehetett lenne lenni "
       "lesz lett maga magát majd meg mellett mely melyek mert mi mikor milyen minden mindenki "
       "mindent mindig mint mintha mit mivel miért most már más másik még míg nagy nagyobb "
       "nagyon ne nekem neki nem nincs néha néhány nélkül olyan ott pedig persze rá s saját sem "
       "semmi sok sokat sokkal szemben szerint szinte számára talán tehát teljes tovább továbbá "
       "több ugyanis utolsó után utána vagy vagyis vagyok valaki valami valamint való van "
       "vannak vele vissza viszont volna volt voltak voltam voltunk által általában át én éppen "
       "és így össze úgy új újabb újra ő ők őket"},
      {"indonesian",
       "ada adalah adanya adapun agak agaknya agar akan akankah akhirnya aku akulah amat "
       "amatlah anda andalah antar antara antaranya apa apaan apabila apakah apalagi apatah "
       "atau ataukah ataupun bagai bagaikan bagaimana bagaimanakah bagaimanapun bagi bahkan "
       "bahwa bahwasanya banyak beberapa begini beginian beginikah beginilah begitu begitukah "
       "begitulah begitupun belum belumlah berapa berapakah berapalah berapapun bermacam "
       "bersama betulkah biasa biasanya bila bilakah bisa bisakah boleh bolehkah bolehlah buat "
       "bukan bukankah bukanlah bukannya cuma dahulu dalam dan dapat dari daripada dekat demi "
       "demikian demikianlah dengan depan di dia dialah diantara diantaranya dikarenakan dini "
       "diri dirinya disini disinilah dong dulu enggak enggaknya entah entahlah hal hampir "
       "hanya hanyalah harus haruslah harusnya hendak hendaklah hendaknya hingga ia ialah "
       "ibarat ingin inginkah inginkan ini inikah inilah itu itukah itulah jangan jangankan "
       "janganlah jika jikalau juga justru kala kalau kalaulah kalaupun kalian kami kamilah "
       "kamu kamulah kan kapan kapankah kapanpun karena karenanya ke kecil kemudian kenapa "
       "kepada kepadanya ketika khususnya kini kinilah kiranya kita kitalah kok lagi lagian lah "
       "lain lainnya lalu lama lamanya lebih macam maka makanya makin malah malahan mampu "
       "mampukah mana manakala manalagi masih masihkah masing mau maupun melainkan melalui "
       "memang mengapa mereka merekalah merupakan meski meskipun mungkin mungkinkah nah namun "
       "nanti nantinya nyaris oleh olehnya pada padahal padanya paling pantas para pasti "
       "pastilah per percuma pernah pula pun rupanya saat saatnya saja sajalah saling sama "
       "sambil sampai sana sangat sangatlah saya sayalah se sebab sebabnya sebagai sebagaimana "
       "sebagainya sebaliknya sebanyak sebegini sebegitu sebelum sebelumnya sebenarnya seberapa "
       "sebetulnya sebisanya sebuah sedang sedangkan sedemikian sedikit sedikitnya segala "
       "segalanya segera seharusnya sehingga sejak sejenak sekali sekalian sekaligus sekalipun "
       "sekarang seketika sekiranya sekitar sekitarnya sela selagi selain selaku selalu selama "
       "selamanya seluruh seluruhnya semacam semakin semasih semaunya sementara sempat semua "
       "semuanya semula sendiri sendirinya seolah seorang sepanjang sepantasnya sepantasnyalah "
       "seperti sepertinya sering seringnya serta serupa sesaat sesama sesegera sesekali "
       "seseorang sesuatu sesuatunya sesudah sesudahnya setelah seterusnya setiap setidaknya "
       "sewaktu siapa siapakah siapapun sini sinilah suatu sudah sudahkah sudahlah supaya tadi "
       "tadinya tak tanpa tapi telah tentang tentu tentulah tentunya terdiri terhadap "
       "terhadapnya terlalu terlebih tersebut tersebutlah tertentu tetapi tiap tidak tidakkah "
       "tidaklah toh waduh wah wahai walau walaupun wong yaitu yakni yang"},
      {"irish",
       "a ach ag agus an aon ar arna as b' ba beirt bhúr caoga ceathair ceathrar chomh chtó "
       "chuig chun cois céad cúig cúigear d' daichead dar de deich deichniúr den dhá do don dtí "
       "dá dár dó faoi faoin faoina faoinár fara fiche gach gan go gur haon hocht i iad idir in "
       "ina ins inár is le leis lena lenár m' mar mo mé na nach naoi naonúr ná ní níor nó nócha "
       "ocht ochtar os roimh sa seacht seachtar seachtó seasca seisear siad sibh sinn sna sé sí "
       "tar thar thú triúr trí trína trínár tríocha tú um ár é éis í ó ón óna ónár"},
      {"italian",
       "a abbia abbiamo abbiano abbiate ad agl agli ai al all alla alle allo anche avemmo "
       "avendo avesse avessero avessi avessimo aveste avesti avete aveva avevamo avevano "
       "avevate avevi avevo avrai avranno avrebbe avrebbero avrei avremmo avremo avreste "
       "avresti avrete avrà avrò avuta avute avuti avuto c che chi ci coi col come con contro "
       "cui da dagl dagli dai dal dall dalla dalle dallo degl degli dei del dell della delle "
       "dello di dov dove e ebbe ebbero ebbi ed era erano eravamo eravate eri ero essendo "
       "faccia facciamo facciano facciate faccio facemmo facendo facesse facessero facessi "
       "facessimo faceste facesti faceva facevamo facevano facevate facevi facevo fai fanno "
       "farai faranno farebbe farebbero farei faremmo faremo fareste faresti farete farà farò "
       "fece fecero feci fosse fossero fossi fossimo foste fosti fu fui fummo furono gli ha hai "
       "hanno ho i il in io l la le lei li lo loro lui ma mi mia mie miei mio ne negl negli nei "
       "nel nell nella nelle nello noi non nostra nostre nostri nostro o per perché più quale "
       "quanta quante quanti quanto quella quelle quelli quello questa queste questi questo "
       "sarai saranno sarebbe sarebbero sarei saremmo saremo sareste saresti sarete sarà sarò "
       "se sei si sia siamo siano siate siete sono sta stai stando stanno starai staranno "
       "starebbe starebbero starei staremmo staremo stareste staresti starete starà starò stava "
       "stavamo stavano stavate stavi stavo stemmo stesse stessero stessi stessimo steste "
       "stesti stette stettero stetti stia stiamo stiano stiate sto su sua sue sugl sugli sui "
       "sul sull sulla sulle sullo suo suoi ti tra tu tua tue tuo tuoi tutti tutto un una uno "
       "vi voi vostra vostre vostri vostro è"},
      {"latvian",
       "# aiz ap apakš apakšpus ar arī augšpus bet bez bija biji biju bijām bijāt būs būsi "
       "būsiet būsim būt būšu caur diemžēl diezin droši dēļ esam esat esi esmu gan gar iekam "
       "iekams iekām iekāms iekš iekšpus ik ir it itin iz ja jau jeb jebšu jel jo jā ka kamēr "
       "kaut kolīdz kopš kā kļuva kļuvi kļuvu kļuvām kļuvāt kļūs kļūsi kļūsiet kļūsim kļūst "
       "kļūstam kļūstat kļūsti kļūstu kļūt kļūšu labad lai lejpus līdz līdzko ne nebūt nedz "
       "nekā nevis nezin no nu nē otrpus pa par pat pie pirms pret priekš pār pēc starp tad tak "
       "tapi taps tapsi tapsiet tapsim tapt tapāt tapšu taču te tiec tiek tiekam tiekat tieku "
       "tik tika tikai tiki tikko tiklab tiklīdz tiks tiksiet tiksim tikt tiku tikvien tikām "
       "tikāt tikšu tomēr topat turpretim turpretī tā tādēļ tālab tāpēc un uz vai var varat "
       "varēja varēji varēju varējām varējāt varēs varēsi varēsiet varēsim varēt varēšu vien "
       "virs virspus vis viņpus zem ārpus šaipus"},
      {"lithuanian",
       "ant apie ar arba aš be bei bet bus buvo būti būtų dėl gali iki ir iš ja jai jais jam "
       "jame jas jei ji jie jiedu jiedvi jiedviem jiedviese jiems jis jo jodviem jog joje jomis "
       "joms jos jose judu judvi judviejų judviem judviese jumis jums jumyse juo juodu "
       "juodviese juos juose jus ją jį jūs jūsų jų jųdviejų kad kai kaip kas kiek kol kur kurie "
       "kuris ką man mane manimi mano manyje manęs mes metu mudu mudvi mudviejų mudviem "
       "mudviese mumis mums mumyse mus mūsų nei nes net nors nuo o pat per po prie prieš sau "
       "save savimi savo savyje savęs su tada tai taip tas tau tave tavimi tavyje tavęs tačiau "
       "ten to todėl tu tuo už visi yra į"},
      {"norwegian",
       "alle at av bare begge ble blei bli blir blitt både båe da de deg dei deim deira deires "
       "dem den denne der dere deres det dette di din disse ditt du dykk dykkar då eg ein eit "
       "eitt eller elles en enn er et ett etter for fordi fra før ha hadde han hans har hennar "
       "henne hennes her hjå ho hoe honom hoss hossen hun hva hvem hver hvilke hvilken hvis "
       "hvor hvordan hvorfor i ikke ikkje ingen ingi inkje inn inni ja jeg kan kom korleis "
       "korso kun kunne kva kvar kvarhelst kven kvi kvifor man mange me med medan meg meget "
       "mellom men mi min mine mitt mot mykje ned no noe noen noka noko nokon nokor nokre nå "
       "når og også om opp oss over på samme seg selv si sia sidan siden sin sine sitt sjøl "
       "skal skulle slik so som somme somt så sånn til um upp ut uten var vart varte ved vere "
       "verte vi vil ville vore vors vort vår være vært å"},
      {"persian",
       "اباد اثر اره اري از است استفاده اش اكنون البته ام اما امد امده امروز امسال ان انان انجا "
       "اند انكه انها انچه او اورد اورده اول اي ايا ايد ايشان ايم اين اينكه اگر با بار باره "
       "باشد باشند باشيم بالا بالاي بايد بدون بر برابر براساس براي برخوردار برخي برداري بروز "
       "بسيار بسياري بعد بعري بعضي بلكه بله بلي بنابراين بندي به بهترين بود بودن بودند بوده بي "
       "بيرون بيست بيش بيشتر بيشتري بين تا تازه تاكنون تان تحت تر ترين تمام تمامي تنها تواند "
       "توانند توسط تول توي جا جاي جايي جدا جديد جريان جز جلوي جلوگيري حتي حدود حق خارج خدمات "
       "خواست خواهد خواهند خواهيم خود خويش خياه داد دادن دادند داده دارد دارند داريم داشت داشتن "
       "داشتند داشته دانست دانند در درباره دنبال ده دهد دهند دو دوم ديده ديروز ديگر ديگران "
       "ديگري را راه رفت رفته روب روزهاي روي ريزي زياد زير زيرا سابق ساخته سازي سراسر سري سعي "
       "سمت سوم سوي سپس شان شايد شد شدن شدند شده شش شما شناسي شود شوند صورت ضد ضمن طبق طريق طور "
       "طي عقب علت عنوان غير فقط فكر فوق قابل قبل قصد كجا كجاست كدام كرد كردم كردن كردند كرده "
       "كس كسي كل كمتر كنار كند كنم كنند كنيد كنيم كه كي لطفا ما مان مانند مثل مختلف مدتي مردم "
       "مرسي مقابل من مورد مي ميليارد ميليون مگر ناشي نام نبايد نبود نخست نخستين نخواهد ندارد "
       "ندارند نداشته نزد نزديك نشان نشده نظير نكرده نمايد نمي نه نوعي نيز نيست ه ها هاي هايي "
       "هر هرگز هزار هست هستند هستيم هفت هم همان همه همواره همين همچنان همچنين همچون هنوز هنگام "
       "هنگامي هيچ و وسط وقتي وقتيكه ولي وي وگو يا يابد يك يكديگر يكي پاعين پس پنج پيش چرا چطور "
       "چند چندين چنين چه چهار چون چيز چيزي چيست چگونه گذاري گذاشته گردد گرفت گرفته گروهي گفت "
       "گفته گويد گويند گيرد گيري"},
      {"portuguese",
       "a ao aos aquela aquelas aquele aqueles aquilo as até com como da das de dela delas dele "
       "deles depois do dos e ela elas ele eles em entre era eram essa essas esse esses esta "
       "estamos estas estava estavam este esteja estejam estejamos estes esteve estive "
       "estivemos estiver estivera estiveram estiverem estivermos estivesse estivessem "
       "estivéramos estivéssemos estou está estávamos estão eu foi fomos for fora foram forem "
       "formos fosse fossem fui fôramos fôssemos haja hajam hajamos havemos hei houve houvemos "
       "houver houvera houveram houverei houverem houveremos houveria houveriam houvermos "
       "houverá houverão houveríamos houvesse houvessem houvéramos houvéssemos há hão isso isto "
       "já lhe lhes mais mas me mesmo meu meus minha minhas muito na nas nem no nos nossa "
       "nossas nosso nossos num numa não nós o os ou para pela pelas pelo pelos por qual quando "
       "que quem se seja sejam sejamos sem serei seremos seria seriam será serão seríamos seu "
       "seus somos sou sua suas são só também te tem temos tenha tenham tenhamos tenho terei "
       "teremos teria teriam terá terão teríamos teu teus teve tinha tinham tive tivemos tiver "
       "tivera tiveram tiverem tivermos tivesse tivessem tivéramos tivéssemos tu tua tuas tém "
       "tínhamos um uma você vocês vos à às éramos"},
      // clang-format on
  };
  return kLists;
}

}  // namespace hornbeam::search
