#include "hornbeam/search/analysis/stop_word_lists.h"

// Source: the stop words of Lucene 8.7's analyzers, which are those of Snowball (BSD licence), of
// Jacques Savoy (BSD licence) and of Lucene itself (Apache licence 2.0).
namespace hornbeam::search {

std::span<const StopWordList> stop_words_a_to_d() {
  static constexpr StopWordList kLists[] = {
      // clang-format off
      {"arabic",
       "أ ألا أما أن أنت أنه أنها أو أى أي أيضا إذا إلا إلى إلي إما إن إنه إنها ا اذا الآن الا "
       "الان التى التي الذى الذي الذين الى الي اما ان انت انه انها او اى اي ايضا ب بأن بان بعد "
       "بعض به بها بين بينما تكون تلك ثم جميع حتى حيث خلال ذلك ضمن على عليه عليها عن عند عندما "
       "غير ف فأن فان فما فهو فهى فهي في فيه فيها قبل قد كان كانت كل كما لا لدى لك لكن لم لن له "
       "لها ما مع من منذ منه منها نحو هذا هذه هناك هو هى هي و وأن وإن وان وفي وكان وكانت وكل "
       "ولا ولم ولن وما ومن وهو وهى وهي يكون"},
      {"armenian",
       "այդ այլ այն այս դու դուք եմ են ենք ես եք է էի էին էինք էիր էիք էր ըստ թ ի ին իսկ իր կամ "
       "համար հետ հետո մենք մեջ մի ն նա նաև նրա նրանք որ որը որոնք որպես ու ում պիտի վրա և"},
      {"basque",
       "al anitz arabera asko baina bat batean batek bati batzuei batzuek batzuetan batzuk bera "
       "beraiek berau berauek bere berori beroriek beste bezala da dago dira ditu du dute edo "
       "egin ere eta eurak ez gainera gu gutxi guzti haiei haiek haietan hainbeste hala han "
       "handik hango hara hari hark hartan hau hauei hauek hauetan hemen hemendik hemengo hi "
       "hona honek honela honetan honi hor hori horiei horiek horietan horko horra horrek "
       "horrela horretan horri hortik hura izan ni noiz nola non nondik nongo nor nora ze zein "
       "zen zenbait zenbat zer zergatik ziren zituen zu zuek zuen zuten"},
      {"bengali",
       "অনেক অন্য অবশ্য আগে আছে আজ আবার আমরা আমাদের আর ই উত্তর উপর উপরে এ এই এক্ এখন এত এব এমন "
       "এমনি এর এস এসে ও ওই কমনে করা করে কাছে কাজ কাজে কারণ কি কিছু কে কেউ কেখা কেন কোটি কোনো "
       "কয়েক খুব গিয়ে গেল চার চালু চেষ্টা ছিল জানা জ্নজন টি তখন তবে তা তাই তো থাকা থেকে দিন দু "
       "দুই দেওয়া ধামার নতুন না নাগাদ নিয়ে নেওয়া নয় পর পরে পাচ পি পেয়্র্ প্রতি প্রথম প্রযন্ত "
       "প্রাথমিক প্রায় বক্তব্য বন বলা বলে বলেন বহু বা বি বিভিন্ন বেশ বেশি মতো মধ্যে মনে যখন যদি "
       "যা যাওয়া যে র রকম লক্ষ শুধু শুরু সঙ্গে সব সহ সাধারণ সামনে সি সে সেই হতে হাজার হয়"},
      {"brazilian",
       "a ainda alem ambas ambos antes ao aonde aos apos aquele aqueles as assim com como "
       "contra contudo cuja cujas cujo cujos da das de dela dele deles demais depois desde "
       "desta deste dispoe dispoem diversa diversas diversos do dos durante e ela elas ele eles "
       "em entao entre essa essas esse esses esta estas este estes ha isso isto logo mais mas "
       "mediante menos mesma mesmas mesmo mesmos na nao nas nem nesse neste nos o os ou outra "
       "outras outro outros pelas pelo pelos perante pois por porque portanto propios proprio "
       "quais qual qualquer quando quanto que quem quer se seja sem sendo seu seus sob sobre "
       "sua suas tal tambem teu teus toda todas todo todos tua tuas tudo um uma umas uns"},
      {"bulgarian",
       "а аз ако ала бе без беше би бил била били било близо бъдат бъде бяха в вас ваш ваша "
       "вероятно вече взема ви вие винаги все всеки всички всичко всяка във въпреки върху г ги "
       "главно го д да дали до докато докога дори досега доста е едва един ето за зад заедно "
       "заради засега затова защо защото и из или им има имат иска й каза как каква какво както "
       "какъв като кога когато което които кой който колко която къде където към ли м ме между "
       "мен ми мнозина мога могат може моля момента му н на над назад най направи напред "
       "например нас не него нея ни ние никой нито но някои някой няма обаче около освен "
       "особено от отгоре отново още пак по повече повечето под поне поради после почти прави "
       "пред преди през при пък първо с са само се сега си скоро след сме според сред срещу сте "
       "съм със също т тази така такива такъв там твой те тези ти тн то това тогава този той "
       "толкова точно трябва тук тъй тя тях у харесва ч че често чрез ще щом я"},
      {"catalan",
       "a abans ací ah així això al aleshores algun alguna algunes alguns alhora allà allí allò "
       "als altra altre altres amb ambdues ambdós apa aquell aquella aquelles aquells aquest "
       "aquesta aquestes aquests aquí baix cada cadascuna cadascunes cadascuns cadascú com "
       "contra d'un d'una d'unes d'uns dalt de del dels des després dins dintre donat doncs "
       "durant e eh el els em en encara ens entre eren es esta estaven esteu està estàvem "
       "estàveu et etc ets fins fora gairebé ha han has havia he hem heu hi ho i igual iguals "
       "ja l'hi la les li li'n llavors m'he ma mal malgrat mateix mateixa mateixes mateixos me "
       "mentre meu meus meva meves molt molta moltes molts mon mons més n'he n'hi ne ni no "
       "nogensmenys només nosaltres nostra nostre nostres o oh oi on pas pel pels per perquè "
       "però poc poca pocs poques potser propi qual quals quan quant que quelcom qui quin quina "
       "quines quins què s'ha s'han sa semblant semblants ses seu seus seva seves si sobre "
       "sobretot solament sols son sons sota sou sóc són t'ha t'han t'he ta tal també tampoc "
       "tan tant tanta tantes teu teus teva teves ton tons tot tota totes tots un una unes uns "
       "us va vaig vam van vas veu vosaltres vostra vostre vostres érem éreu és"},
      {"cjk",
       "a and are as at be but by for if in into is it no not of on or s such t that the their "
       "then there these they this to was will with www"},
      {"czech",
       "a aby aj ale ani asi atd atp až bez bude budem budeš by byl byla byli bylo být co což "
       "cz další dnes do ho i jak jakmile jako jakož je jeho jehož jej jejich její jelikož jemu "
       "jen ještě jež ji jiné již jsem jseš jsme jsou jste já jí jíž k kam kde kdo když ke "
       "kterou která které který kteří mezi mi mne my má máte mít mě můj může na nad napište "
       "načež naši nebo neg nejsou není než nic nové nový nám nás němu němuž o od on ona oni "
       "ono ony pak po pod podle pokud pouze pravé pro proto protože proč první pta před přes "
       "při přičemž re s se si strana své svých svým svými ta tak také takže tato tedy ten "
       "tento teto tipy to tohle toho tohoto tom tomto tomu tomuto tu tuto ty tyto téma tím "
       "tímto těm těmu u už v vaše ve vy vám vás více však z za zda zde ze zprávy zpět či "
       "článku články"},
      {"danish",
       "ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig "
       "din disse dog du efter eller en end er et for fra ham han hans har havde have hende "
       "hendes her hos hun hvad hvis hvor i ikke ind jeg jer jo kunne man mange med meget men "
       "mig min mine mit mod ned noget nogle nu når og også om op os over på selv sig sin sine "
       "sit skal skulle som sådan thi til ud under var vi vil ville vor være været"},
      {"dutch",
       "aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door "
       "dus een eens en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun "
       "iemand iets ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na naar "
       "niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit "
       "uw van veel voor want waren was wat werd wezen wie wil worden wordt zal ze zelf zich "
       "zij zijn zo zonder zou"},
      // clang-format on
  };
  return kLists;
}

}  // namespace hornbeam::search
