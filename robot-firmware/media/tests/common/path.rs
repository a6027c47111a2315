//! A path between robot and page that can be cut.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Relays datagrams until it is dropped. The robot sees the page at [`Path::port`]; the page sees
/// the robot at another port.
pub struct Path {
    pub port: u16,
    pub cut: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
    robot_side: Arc<UdpSocket>,
    robot: Arc<Mutex<Option<SocketAddr>>>,
}

impl Path {
    pub fn to(page_port: u16) -> Self {
        let page = SocketAddr::from((Ipv4Addr::LOCALHOST, page_port));
        let robot = Arc::new(Mutex::new(None));
        let robot_side = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
        let page_side = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
        let path = Self {
            port: robot_side.local_addr().unwrap().port(),
            cut: Arc::default(),
            over: Arc::default(),
            robot_side: Arc::clone(&robot_side),
            robot: Arc::clone(&robot),
        };
        let seen = Arc::clone(&robot);
        path.carry(&robot_side, &page_side, move |from| {
            *seen.lock().unwrap() = Some(from);
            Some(page)
        });
        path.carry(&page_side, &robot_side, move |_| *robot.lock().unwrap());
        path
    }

    /// Sends this to the robot, as if it came from the page.
    pub fn throw(&self, datagram: &[u8]) {
        let robot = self.robot.lock().unwrap();
        let _ = self.robot_side.send_to(datagram, robot.unwrap());
    }

    fn carry(
        &self,
        from: &Arc<UdpSocket>,
        to: &Arc<UdpSocket>,
        target: impl Fn(SocketAddr) -> Option<SocketAddr> + Send + 'static,
    ) {
        let (from, to) = (Arc::clone(from), Arc::clone(to));
        let (cut, over) = (Arc::clone(&self.cut), Arc::clone(&self.over));
        from.set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
        std::thread::spawn(move || {
            let mut datagram = [0; 2_048];
            while !over.load(Ordering::Relaxed) {
                let Ok((length, source)) = from.recv_from(&mut datagram) else {
                    continue;
                };
                if let Some(target) = target(source)
                    && !cut.load(Ordering::Relaxed)
                {
                    let _ = to.send_to(&datagram[..length], target);
                }
            }
        });
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}
