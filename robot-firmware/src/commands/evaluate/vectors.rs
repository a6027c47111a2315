//! Sentence vectors of many utterances, on all cores.

use std::thread::{self, available_parallelism};

use madoguchi_speech::meaning::Embedder;

use super::progress::Progress;
use super::table::Utterance;
use crate::config::Config;
use crate::engines;

/// Utterances that are embedded between two looks at the progress.
const STEP: usize = 64;
/// Each thread has a model of its own, of 75 MB.
const MOST_THREADS: usize = 4;

/// The vector of each utterance, computed once; empty vectors where words alone count.
pub(super) fn of(
    config: &Config,
    words_only: bool,
    utterances: &[Utterance],
) -> anyhow::Result<Vec<Vec<f32>>> {
    if words_only {
        return Ok(vec![Vec::new(); utterances.len()]);
    }
    let progress = Progress::new("computing the sentence vectors", utterances.len());
    let steps: Vec<&[Utterance]> = utterances.chunks(STEP).collect();
    let of_step = |embedder: &mut Embedder, step: &[Utterance]| {
        let texts: Vec<&str> = step.iter().map(|own| own.text.as_str()).collect();
        let vectors = embedder.embed_all(&texts)?;
        progress.step(step.len());
        anyhow::Ok(vectors.iter().map(|own| own.to_vec()).collect())
    };
    let work = |mine: usize, all: usize| {
        let mut embedder = engines::meaning(&config.models)?.embedder;
        let mine = steps.iter().skip(mine).step_by(all);
        mine.map(|step| of_step(&mut embedder, step)).collect()
    };
    let by_thread: Vec<Vec<Vec<Vec<f32>>>> = on_all_cores(work)?;
    let mut by_thread: Vec<_> = by_thread.into_iter().map(Vec::into_iter).collect();
    let threads = by_thread.len().max(1);
    let in_order = (0..steps.len()).filter_map(|step| by_thread.get_mut(step % threads)?.next());
    Ok(in_order.flatten().collect())
}

/// The model, unless words alone count.
pub(super) fn embedder(config: &Config, words_only: bool) -> anyhow::Result<Option<Embedder>> {
    if words_only {
        return Ok(None);
    }
    Ok(Some(engines::meaning(&config.models)?.embedder))
}

/// What each of some threads makes of its share; `work` takes the thread's place and how many
/// there are.
pub(super) fn on_all_cores<T: Send>(
    work: impl Fn(usize, usize) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let threads = available_parallelism().map_or(1, usize::from);
    let threads = threads.min(MOST_THREADS);
    thread::scope(|scope| {
        let work = &work;
        let each = (0..threads).map(|own| scope.spawn(move || work(own, threads)));
        let each: Vec<_> = each.collect();
        let done = each.into_iter().map(|own| match own.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    })
}
