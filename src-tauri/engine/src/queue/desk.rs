//! The desk between the core and the couriers: orders on one side, reports on the other.
//! It never holds more requests in flight than the width allows, and never lets a courier idle beside a full tray.

use super::errand::{Event, Order, Outcome, Report};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// The desk of one upload.
#[derive(Debug)]
pub struct Desk {
    tray: Mutex<Tray>,
    bell: Condvar,
    /// One for each courier thread.
    calls: Vec<Notify>,
}

#[derive(Debug, Default)]
struct Tray {
    orders: VecDeque<Order>,
    events: Vec<Event>,
    width: u32,
    flying: Vec<u32>,
    closed: bool,
}

impl Desk {
    /// A desk for so many courier threads.
    pub fn new(threads: usize, width: u32) -> Self {
        let tray = Tray { width, flying: vec![0; threads], ..Tray::default() };
        Self { tray: Mutex::new(tray), bell: Condvar::new(), calls: (0..threads).map(|_| Notify::new()).collect() }
    }

    /// Lays orders on the desk.
    pub fn lay(&self, orders: impl IntoIterator<Item = Order>) {
        let mut tray = self.tray();
        let before = tray.orders.len();
        tray.orders.extend(orders);
        let more = tray.orders.len() > before;
        drop(tray);
        if more {
            self.call();
        }
    }

    /// Requests at once from here on.
    pub fn widen(&self, width: u32) {
        self.tray().width = width;
        self.call();
    }

    /// Takes back every order that no courier has begun, and reports each as recalled.
    pub fn recall(&self) {
        let mut tray = self.tray();
        let orders = std::mem::take(&mut tray.orders);
        for order in orders {
            let part = order.errand.task.part();
            let report = Report { ord: order.errand.ord, part, wrote: false, outcome: Outcome::Recalled, took: 0 };
            tray.events.push(Event::Reported(report));
        }
        drop(tray);
        self.bell.notify_one();
    }

    /// Puts an event before the core.
    pub fn post(&self, event: Event) {
        self.tray().events.push(event);
        self.bell.notify_one();
    }

    /// All events so far; waits until there is one, or until `until`.
    pub fn collect(&self, until: Instant) -> Vec<Event> {
        let mut tray = self.tray();
        while tray.events.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            tray = self.bell.wait_timeout(tray, left.min(Duration::from_secs(3600))).unwrap_or_else(PoisonError::into_inner).0;
        }
        std::mem::take(&mut tray.events)
    }

    /// Requests in flight just now.
    pub fn in_flight(&self) -> u32 {
        self.tray().flying.iter().sum()
    }

    /// No more orders: couriers go home.
    pub fn close(&self) {
        self.tray().closed = true;
        self.call();
    }

    /// The next order for a courier of this thread that has none yet; waits for one. `None` when the desk is closed.
    pub async fn next(&self, thread: usize) -> Option<Order> {
        loop {
            let called = self.calls[thread].notified();
            {
                let mut tray = self.tray();
                if tray.closed {
                    return None;
                }
                let share = tray.width.div_ceil(tray.flying.len().max(1) as u32).max(1);
                if tray.flying[thread] < share
                    && tray.flying.iter().sum::<u32>() < tray.width
                    && let Some(order) = tray.orders.pop_front()
                {
                    tray.flying[thread] += 1;
                    return Some(order);
                }
            }
            called.await;
        }
    }

    /// A courier reports and takes the next order at once, if there is one and the width allows it.
    pub fn report_and_next(&self, thread: usize, report: Report) -> Option<Order> {
        let mut tray = self.tray();
        tray.events.push(Event::Reported(report));
        let ring = tray.events.len() == 1;
        let next = if tray.flying.iter().sum::<u32>() <= tray.width { tray.orders.pop_front() } else { None };
        if next.is_none() {
            tray.flying[thread] -= 1;
        }
        drop(tray);
        if ring {
            self.bell.notify_one();
        }
        next
    }

    fn call(&self) {
        for call in &self.calls {
            call.notify_one();
        }
    }

    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
