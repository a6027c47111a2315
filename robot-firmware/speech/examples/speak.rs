//! tmp
use std::ops::ControlFlow;
use std::time::Instant;
use madoguchi_speech::{models::ModelStore, translate::*, voice::*, wav, whisper::*};
fn main() {
    let store = ModelStore::new(".demo/models").unwrap();
    let t = Instant::now();
    let mut v = Voices::load(&store, &VoicePrograms::default());
    println!("voices {:?}", t.elapsed());
    let mut w = Whisper::load(&store.file("whisper-base").unwrap(), 2).unwrap();
    for (l, t) in [("en", "Hello, Mr. Smith! The residence certificate counter is number three, on the second floor. It is open from 8:30 to 17:15."), ("ja", "住民票の窓口は三階です。ご案内しますか？"), ("pt", "Bom dia. O balcão de atendimento abre às oito e meia."), ("vi", "Xin chào."), ("xx", "foo")] {
        let lang = l.parse().unwrap();
        let s = Instant::now();
        let mut all = Vec::new();
        let r = v.say(&lang, t, &mut |c| { println!("{} {:?} {} {:.2}s", v_name(l), s.elapsed(), c.sentence, c.samples.len() as f32 / 22050.0); all.extend(c.samples); ControlFlow::Continue(()) });
        println!("{} {r:?}", v.name_for(&lang));
        let p = format!("/tmp/say-{l}.wav");
        wav::write(p.as_ref(), VOICE_RATE_HZ, &all).unwrap();
        let x = w.transcribe(&wav::read(p.as_ref()).unwrap(), &["ja".parse().unwrap(), "en".parse().unwrap(), "pt".parse().unwrap()]).unwrap();
        println!("  heard {:?} {:.2} {:?} {}", x.decision, x.confidence, x.rejected, x.text);
    }
    let mut t = FirefoxTranslator::new(&store);
    println!("{:?}", t.pairs().collect::<Vec<_>>());
    for (a, b, s) in [("en","pt","Please wait a moment. Mr. Sato will help you with your residence certificate."),("pt","en","Eu preciso de um atestado de residência. Onde fica o balcão?"),("en","ja","hi"),("pt-BR","en","Meu filho tem 3 anos.\nQuero vaciná-lo.")] {
        println!("{:?}", t.translate(&a.parse().unwrap(), &b.parse().unwrap(), s).map_err(|e| e.to_string()));
    }
}
fn v_name(l: &str) -> &str { l }
