//! Places for robots that introduce themselves. Nobody is known before that, and each costs its
//! buffers until its handshake is over; so there are only so many, and a few from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::auth::network;

/// Places at once. A robot that is served counts no more.
pub const INTRODUCTIONS: usize = 64;
/// Of them from one address, or one /64 of IPv6; all robots of an office may share it.
pub const FROM_ONE_ADDRESS: usize = 16;

/// Who has a place.
#[derive(Debug, Default, Clone)]
pub struct Introductions {
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Introduction {
    all: Introductions,
    from: IpAddr,
}

impl Introductions {
    /// A place, if one is free for this address.
    pub fn enter(&self, from: IpAddr) -> Option<Introduction> {
        let from = network(from);
        let mut taken = self.lock();
        let full = taken.values().sum::<usize>() >= INTRODUCTIONS;
        let own = taken.get(&from).copied().unwrap_or(0);
        if full || own >= FROM_ONE_ADDRESS {
            return None;
        }
        taken.insert(from, own + 1);
        Some(Introduction {
            all: self.clone(),
            from,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Introduction {
    fn drop(&mut self) {
        let mut taken = self.all.lock();
        match taken.get_mut(&self.from) {
            Some(own) if *own > 1 => *own -= 1,
            _ => {
                taken.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_a_few_places_and_all_together_no_more_than_there_are() {
        let all = Introductions::default();
        let address = |network: u8, host: u8| IpAddr::from([192, 0, network, host]);
        let mut inside = Vec::new();
        for _ in 0..FROM_ONE_ADDRESS {
            inside.extend(all.enter(address(2, 1)));
        }
        assert!(all.enter(address(2, 1)).is_none());
        for host in 2..200 {
            inside.extend(all.enter(address(2, host)));
        }
        assert_eq!(inside.len(), INTRODUCTIONS);
        assert!(all.enter(address(3, 1)).is_none());
        inside.pop();
        assert!(all.enter(address(3, 1)).is_some());
        drop(inside);
        assert!(all.lock().is_empty());
    }
}
