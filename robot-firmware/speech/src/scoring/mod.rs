//! Scores recognition on labelled clips ([`manifest`] names them, [`error_rate`] compares texts) and
//! [`translation`]s.

pub mod error_rate;
pub mod manifest;
pub mod translation;

/// Processor time that this process has used, in seconds; 0 where the system doesn't tell (it does
/// by `proc(5)`).
pub fn processor_seconds() -> f64 {
    /// The kernel counts in hundredths of a second.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let Some((_, after_name)) = stat.rsplit_once(") ") else {
        return 0.0;
    };
    let user_and_system = after_name.split(' ').skip(11).take(2);
    let ticks = user_and_system.filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

/// The value below which `percent` of `values` lie (nearest rank); 0 without values.
pub fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let before = processor_seconds();
        let mut number = 1_u64;
        while processor_seconds() - before < 0.02 {
            number = std::hint::black_box(number.wrapping_mul(31));
        }
        assert!(before >= 0.0);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(percentile(&values, 50.0), 3.0);
        assert_eq!(percentile(&values, 95.0), 5.0);
        assert_eq!(percentile(&values, 0.0), 1.0);
        assert_eq!(percentile(&[], 50.0), 0.0);
    }
}
