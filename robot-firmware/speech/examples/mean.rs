//! tmp
use madoguchi_speech::{models::ModelStore, meaning::*};
fn main() {
    let store = ModelStore::new(".demo/models").unwrap();
    let t = std::time::Instant::now();
    let mut e = Embedder::load(&store.file("e5-small").unwrap()).unwrap();
    println!("load {:?}", t.elapsed());
    let a = e.embed("When is the office open?").unwrap();
    for q in ["Que horas abre a prefeitura?", "何時に開きますか", "I lost my wallet on the bus yesterday, what should I do now?", "How much is a train ticket to Osaka?"] {
        let t = std::time::Instant::now();
        let b = e.embed(q).unwrap();
        println!("{:.3} {:?} {q}", similarity(&a,&b), t.elapsed());
    }
    let t = std::time::Instant::now();
    for _ in 0..50 { e.embed("I lost my wallet on the bus yesterday, what should I do now?").unwrap(); }
    println!("avg {:?}", t.elapsed()/50);
}
