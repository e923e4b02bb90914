#include "hornbeam/search/analysis/stop_word_lists.h"

// Source: the stop words of Lucene 8.7's analyzers, which are those of Snowball (BSD licence), of
// Jacques Savoy (BSD licence) and of Lucene itself (Apache licence 2.0).
namespace hornbeam::search {

std::span<const StopWordList> stop_words_r_to_z() {
  static constexpr StopWordList kLists[] = {
      // clang-format off
      {"romanian",
       "acea aceasta această aceea acei aceia acel acela acele acelea acest acesta aceste "
       "acestea aceşti aceştia acolo acum ai aia aibă aici al ale alea altceva altcineva am ar "
       "are asemenea asta astea astăzi asupra au avea avem aveţi azi aş aşadar aţi bine bucur "
       "bună ca care ce cel ceva chiar cine cineva contra cu cum cumva curând curînd când cât "
       "câte câtva câţi cînd cît cîte cîtva cîţi că căci cărei căror cărui către da dacă dar "
       "datorită de deci deja deoarece departe deşi din dinaintea dintr dintre drept după dă ea "
       "ei el ele eram este eu eşti face fi fie fiecare fii fim fiţi fără iar ieri la le li lor "
       "lui lângă lîngă mea mei mele mereu meu mi mine mult multă mulţi mâine mă ne nici "
       "nicăieri nimeni nişte noastre noastră noi nostru noştri nu ori oricare orice oricine "
       "oricum oricând oricât oricînd oricît oriunde pe pentru peste poate pot prea prima "
       "primul prin printr până pînă sa sale sau se spre sub sunt suntem sunteţi sînt sîntem "
       "sînteţi să săi său ta tale te tine toate toată tot totuşi toţi tu tăi tău un una unde "
       "undeva unei unele uneori unor vi voastre voastră voi vostru vouă voştri vreo vreun vă "
       "îi îl îmi împotriva în înainte înaintea încotro încât încît între întrucât întrucît îţi "
       "ăla ălea ăsta ăstea ăştia şi ţi ţie"},
      {"russian",
       "а без более больше будет будто бы был была были было быть в вам вас вдруг ведь во вот "
       "впрочем все всегда всего всех всю вы где говорил да даже два для до другой его ее ей "
       "ему если есть еще ж же жизнь за зачем здесь и из или им иногда их к кажется как какая "
       "какой когда конечно кто куда ли лучше между меня мне много может можно мой моя мы на "
       "над надо наконец нас не него нее ней нельзя нет ни нибудь никогда ним них ничего но ну "
       "о об один он она они опять от перед по под после потом потому почти при про раз разве с "
       "сам свою себе себя сегодня сейчас сказал сказала сказать со совсем так такой там тебя "
       "тем теперь то тогда того тоже только том тот три тут ты у уж уже хорошо хоть чего "
       "человек чем через что чтоб чтобы чуть эти этого этой этом этот эту я"},
      {"sorani",
       "ئێمە ئێوە ئەم ئەو ئەوان ئەوەی بۆ بێ بێجگە بە بەبێ بەدەم بەردەم بەرلە بەرەوی بەرەوە "
       "بەلای بەپێی تۆ تێ جگە دوای دوو دە دەکات دەگەڵ سەر لێ لە لەبابەت لەباتی لەبارەی لەبرێتی "
       "لەبن لەبەر لەبەینی لەدەم لەرێ لەرێگا لەرەوی لەسەر لەلایەن لەناو لەنێو لەو لەپێناوی "
       "لەژێر لەگەڵ من ناو نێوان هەر هەروەها و وەک پاش پێ پێش چەند کرد کە ی"},
      {"spanish",
       "a al algo algunas algunos ante antes como con contra cual cuando de del desde donde "
       "durante e el ella ellas ellos en entre era erais eran eras eres es esa esas ese eso "
       "esos esta estaba estabais estaban estabas estad estada estadas estado estados estamos "
       "estando estar estaremos estará estarán estarás estaré estaréis estaría estaríais "
       "estaríamos estarían estarías estas este estemos esto estos estoy estuve estuviera "
       "estuvierais estuvieran estuvieras estuvieron estuviese estuvieseis estuviesen "
       "estuvieses estuvimos estuviste estuvisteis estuviéramos estuviésemos estuvo está "
       "estábamos estáis están estás esté estéis estén estés fue fuera fuerais fueran fueras "
       "fueron fuese fueseis fuesen fueses fui fuimos fuiste fuisteis fuéramos fuésemos ha "
       "habida habidas habido habidos habiendo habremos habrá habrán habrás habré habréis "
       "habría habríais habríamos habrían habrías habéis había habíais habíamos habían habías "
       "han has hasta hay haya hayamos hayan hayas hayáis he hemos hube hubiera hubierais "
       "hubieran hubieras hubieron hubiese hubieseis hubiesen hubieses hubimos hubiste "
       "hubisteis hubiéramos hubiésemos hubo la las le les lo los me mi mis mucho muchos muy "
       "más mí mía mías mío míos nada ni no nos nosotras nosotros nuestra nuestras nuestro "
       "nuestros o os otra otras otro otros para pero poco por porque que quien quienes qué se "
       "sea seamos sean seas seremos será serán serás seré seréis sería seríais seríamos serían "
       "serías seáis sido siendo sin sobre sois somos son soy su sus suya suyas suyo suyos sí "
       "también tanto te tendremos tendrá tendrán tendrás tendré tendréis tendría tendríais "
       "tendríamos tendrían tendrías tened tenemos tenga tengamos tengan tengas tengo tengáis "
       "tenida tenidas tenido tenidos teniendo tenéis tenía teníais teníamos tenían tenías ti "
       "tiene tienen tienes todo todos tu tus tuve tuviera tuvierais tuvieran tuvieras tuvieron "
       "tuviese tuvieseis tuviesen tuvieses tuvimos tuviste tuvisteis tuviéramos tuviésemos "
       "tuvo tuya tuyas tuyo tuyos tú un una uno unos vosotras vosotros vuestra vuestras "
       "vuestro vuestros y ya yo él éramos"},
      {"swedish",
       "alla allt att av blev bli blir blivit de dem den denna deras dess dessa det detta dig "
       "din dina ditt du där då efter ej eller en er era ert ett från för ha hade han hans har "
       "henne hennes hon honom hur här i icke ingen inom inte jag ju kan kunde man med mellan "
       "men mig min mina mitt mot mycket ni nu när någon något några och om oss på samma sedan "
       "sig sin sina sitta själv skulle som så sådan sådana sådant till under upp ut utan vad "
       "var vara varför varit varje vars vart vem vi vid vilka vilkas vilken vilket vår våra "
       "vårt än är åt över"},
      {"thai",
       "กล่าว กว่า กัน กับ การ ก็ ก่อน ขณะ ขอ ของ ขึ้น คง ครั้ง ความ คือ จะ จัด จาก จึง ช่วง "
       "ซึ่ง ดัง ด้วย ด้าน ตั้ง ตั้งแต่ ตาม ต่อ ต่าง ต่างๆ ต้อง ถึง ถูก ถ้า ทั้ง ทั้งนี้ ทาง "
       "ที่ ที่สุด ทุก ทํา ทําให้ นอกจาก นัก นั้น นี้ น่า นํา บาง ผล ผ่าน พบ พร้อม มา มาก มี "
       "ยัง รวม ระหว่าง รับ ราย ร่วม ลง วัน ว่า สุด ส่ง ส่วน สําหรับ หนึ่ง หรือ หลัง หลังจาก "
       "หลาย หาก อยาก อยู่ อย่าง ออก อะไร อาจ อีก เขา เข้า เคย เฉพาะ เช่น เดียว เดียวกัน "
       "เนื่องจาก เปิด เปิดเผย เป็น เป็นการ เพราะ เพื่อ เมื่อ เรา เริ่ม เลย เห็น เอง แต่ แบบ "
       "แรก และ แล้ว แห่ง โดย ใน ให้ ได้ ไป ไม่ ไว้"},
      {"turkish",
       "acaba altmış altı ama ancak arada aslında ayrıca bana bazı belki ben benden beni benim "
       "beri beş bile bin bir biri birkaç birkez birçok birşey birşeyi biz bizden bize bizi "
       "bizim bu buna bunda bundan bunlar bunları bunların bunu bunun burada böyle böylece da "
       "daha dahi de defa değil diye diğer doksan dokuz dolayı dolayısıyla dört edecek eden "
       "ederek edilecek ediliyor edilmesi ediyor elli en etmesi etti ettiği ettiğini eğer gibi "
       "göre halen hangi hatta hem henüz hep hepsi her herhangi herkesin hiç hiçbir iki ile "
       "ilgili ise itibaren itibariyle için işte kadar karşın katrilyon kendi kendilerine "
       "kendini kendisi kendisine kendisini kez ki kim kimden kime kimi kimse kırk milyar "
       "milyon mu mü mı nasıl ne neden nedenle nerde nerede nereye niye niçin o olan olarak "
       "oldu olduklarını olduğu olduğunu olmadı olmadığı olmak olması olmayan olmaz olsa olsun "
       "olup olur olursa oluyor on ona ondan onlar onlardan onları onların onu onun otuz oysa "
       "pek rağmen sadece sanki sekiz seksen sen senden seni senin siz sizden sizi sizin "
       "tarafından trilyon tüm var vardı ve veya ya yani yapacak yapmak yaptı yaptıkları "
       "yaptığı yaptığını yapılan yapılması yapıyor yedi yerine yetmiş yine yirmi yoksa yüz "
       "zaten çok çünkü öyle üzere üç şey şeyden şeyi şeyler şu şuna şunda şundan şunları şunu "
       "şöyle"},
      // clang-format on
  };
  return kLists;
}

}  // namespace hornbeam::search
