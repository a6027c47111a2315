//! Function words: short text is told apart by its articles, prepositions and pronouns sooner than
//! by its letters (Grefenstette, "Comparing two language identification schemes", 1995).

/// Languages with their commonest function words. A word may stand in several lists; it then
/// speaks for all of them.
const FUNCTION_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the a an is are am was do does did have has had i you he she we they my your our this \
         that there what when where which who how can could will would to of in on at for from \
         with and or not it be me here need want please",
    ),
    (
        "pt",
        "o a os as um uma de do da dos das em no na nos nas ao à aos às e ou mas se me é são está \
         estou tem tenho foi fica ser ter eu você vocês ele ela nós meu minha meus minhas nosso \
         seu sua isso este esta aqui onde quando como qual quais que quem quanto não sim já para \
         por pelo com sem posso pode preciso quero",
    ),
    (
        "es",
        "el la los las un una de del en a al y o pero se me lo le es son está estoy hay tengo \
         tiene ser yo usted ustedes él ella nosotros mi mis nuestro su sus esto este esta aquí \
         dónde donde cuándo cómo cuál qué que quién cuánto no sí ya para por con sin puedo puede \
         necesito quiero",
    ),
    (
        "fr",
        "le la les un une des du de est sont suis ai a avez je j vous il elle nous mon ma mes \
         notre votre ce cette ces ici où quand comment quel quelle que qui quoi combien ne pas \
         oui pour par avec sans et ou mais puis peut peux faut dans sur au aux en y c qu d l",
    ),
    (
        "de",
        "der die das den dem ein eine einen einem ist sind bin habe hat haben ich sie er wir mein \
         meine unser ihr ihre dieser diese hier wo wann wie welche welcher was wer nicht ja für \
         mit ohne von zu zum zur und oder aber kann können muss möchte brauche gibt es in im auf \
         am an bei mir man",
    ),
    (
        "it",
        "il lo la i gli le un una è sono ho ha abbiamo io lei lui noi mio mia nostro suo questo \
         questa qui dove quando come quale qual che chi quanto non sì per con senza del della dei \
         di da al alla e o ma posso può devo vorrei in nel nella mi si c l a",
    ),
    (
        "nl",
        "de het een is zijn ben heb heeft hebben ik u jij je hij zij we wij mijn onze uw dit deze \
         dat hier waar wanneer hoe welke welk wat wie niet ja voor met zonder van naar te en of \
         maar kan kunnen moet wil wilt in op aan bij er om mij",
    ),
    (
        "pl",
        "jest są jestem mam ma mamy ja pan pani pana my mój moja moje nasz to ten ta te tu tutaj \
         gdzie kiedy jak jaki jaka który która które co kto ile nie tak dla z ze do od na w we i \
         lub ale czy mogę może muszę chcę chcemy potrzebuję się o u po za przez",
    ),
    (
        "tr",
        "bir bu şu ve veya ama için ile nerede nereye nasıl ne kaç kim hangi var yok mı mi mu mü \
         değil evet hayır ben benim siz biz bizim istiyorum istiyoruz lazım gerekiyor burada \
         buraya çok daha da de saat olarak miyim misiniz mısınız",
    ),
    (
        "id",
        "saya kami anda dia ini itu di ke dari yang dan atau tapi untuk dengan tanpa apa apakah \
         mana kapan bagaimana berapa siapa tidak ya ada bisa boleh harus perlu mau ingin sudah \
         belum akan jam sini sana pada adalah tolong baru",
    ),
    (
        "tl",
        "ang ng mga sa ko mo ako ikaw kayo siya kami namin ito iyan dito doon saan kailan paano \
         ano anong alin sino magkano hindi oo po ba at o pero para may wala meron kailangan gusto \
         pwede puwede ka na pa lang nang si ni aking",
    ),
    (
        "vi",
        "tôi bạn anh chị em chúng ta con của này đó ở đây đâu nào khi bao nhiêu gì ai không có là \
         và hoặc nhưng cho với để cần muốn phải được bị đã đang sẽ mấy giờ thì các một những từ \
         đến ra vào xin lại toi ban co khong",
    ),
    (
        "ro",
        "este sunt am are avem eu dumneavoastră el ea noi meu mea nostru acest această aici unde \
         când cum care ce cine cât nu da pentru cu fără din de la și sau dar pot poate trebuie \
         vreau o un în pe să mă se al",
    ),
    (
        "ru",
        "я ты вы мы он она они мой моя моей мне меня это этот эта здесь тут сюда где когда как какой \
         какое что кто сколько не да нет нужна нужен нужно можно могу есть и или но для с без из \
         в на по от до к о об у",
    ),
    (
        "uk",
        "я ти ви ми він вона вони мій моя моїй мені мене це цей ця тут сюди де коли як який яке що \
         хто скільки не так ні потрібна потрібен треба можна можу є і й та або але для з без із в \
         на по від до про у чи",
    ),
    (
        "hi",
        "है हैं हूँ था मैं मुझे मेरा मेरी मेरे आप हम यह ये वह का की के को से में पर और या क्या कहाँ कब \
         कैसे कौन कितने कितना नहीं हाँ चाहिए",
    ),
    (
        "ne",
        "छ छन् छु हो हुन् म मलाई मेरो तपाईं हामी यो त्यो को का की लाई बाट मा र वा के कहाँ कहिले कसरी \
         कति छैन होइन चाहियो चाहिन्छ",
    ),
];

/// The languages most of whose function words occur: none, one, or several in a tie.
pub(super) fn leaders(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = words(&lower).collect();
    let count = |list: &str| {
        words
            .iter()
            .filter(|word| list.split_whitespace().any(|known| known == **word))
            .count()
    };
    let counts: Vec<(usize, &str)> = FUNCTION_WORDS
        .iter()
        .map(|(tag, list)| (count(list), *tag))
        .filter(|(count, _)| *count > 0)
        .collect();
    let most = counts.iter().map(|(count, _)| *count).max();
    counts
        .iter()
        .filter(|(count, _)| Some(*count) == most)
        .map(|(_, tag)| *tag)
        .collect()
}

/// The one language that leads.
pub(super) fn vote(text: &str) -> Option<&'static str> {
    match leaders(text)[..] {
        [tag] => Some(tag),
        _ => None,
    }
}

/// Whether the language has a list.
pub(super) fn knows(tag: &str) -> bool {
    FUNCTION_WORDS.iter().any(|(known, _)| *known == tag)
}

/// The words of a text, without punctuation.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace()
            || c.is_ascii_punctuation()
            || matches!(c, '¿' | '¡' | '’' | '…' | '।' | '“' | '”')
    })
    .filter(|word| !word.is_empty())
}
