//! Where the lines of a small chart go: scores over time, before the bands of their form. Pure; [`trend`](super::trend) draws.

/// The box that a chart is drawn in.
const WIDTH: i64 = 300;
const HEIGHT: i64 = 100;
/// So much is left around the points.
const EDGE: i64 = 10;

/// A band, in hundredths of a score; where it has no end it goes as far as the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Across and down.
    pub points: Vec<(i64, i64)>,
    /// Down and height, the lowest band first.
    pub bands: Vec<(i64, i64)>,
}

/// `scores` are moments with hundredths of a score: times from left to right, scores from 0 at the bottom up to the greatest
/// that there is, or that a band names.
pub fn lay_out(scores: &[(i64, i64)], bands: &[Range]) -> Layout {
    let times = || scores.iter().map(|(at, _)| *at);
    let begin = times().min().unwrap_or_default();
    let span = (times().max().unwrap_or_default() - begin).max(1);
    let values = || scores.iter().map(|(_, score)| *score);
    let named = || bands.iter().flat_map(|band| [band.from, band.to]).flatten();
    let bottom = values().chain(named()).min().unwrap_or_default().min(0);
    let top = values().chain(named()).max().unwrap_or_default();
    let height = (top - bottom).max(1);
    let down = |score: i64| {
        let up = i128::from(score - bottom) * i128::from(HEIGHT - 2 * EDGE) / i128::from(height);
        HEIGHT - EDGE - up as i64
    };
    let place = |(at, score): &(i64, i64)| {
        let across = i128::from(at - begin) * i128::from(WIDTH - 2 * EDGE) / i128::from(span);
        (EDGE + across as i64, down(*score))
    };
    let ordered = replica::sorted(bands.to_vec(), |one, other| one.from.cmp(&other.from));
    let stripe = |(at, band): (usize, &Range)| {
        // One begins where the one below it ends, so that no score falls between two.
        let lower = if at == 0 {
            HEIGHT
        } else {
            down(band.from.unwrap_or(bottom))
        };
        let next = ordered.get(at + 1).and_then(|next| next.from);
        let upper = next.map_or(0, down);
        (upper, (lower - upper).max(0))
    };
    Layout {
        points: scores.iter().map(place).collect(),
        bands: ordered.iter().enumerate().map(stripe).collect(),
    }
}

/// A score as a whole number of hundredths.
pub fn hundredths(score: &str) -> Option<i64> {
    let (sign, digits) = match score.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1, digits),
        None => (1, score),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part}00").get(..2)?.parse().ok()?;
    Some(sign * (whole * 100 + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_read_as_it_is_shown() {
        for (score, number) in [
            ("7", Some(700)),
            ("7.5", Some(750)),
            ("-1.25", Some(-125)),
            ("12.345", Some(1234)),
            ("", None),
            ("many", None),
        ] {
            assert_eq!(hundredths(score), number, "{score}");
        }
    }

    #[test]
    fn the_chart_goes_from_left_to_right_and_from_nought_up() {
        let points = |scores: &[(i64, i64)]| lay_out(scores, &[]).points;
        assert_eq!(
            points(&[(0, 0), (50, 500), (100, 1000)]),
            [(10, 90), (150, 50), (290, 10)]
        );
        assert_eq!(
            points(&[(5, 0), (5, 0)]),
            [(10, 90), (10, 90)],
            "all at once, and nothing"
        );
    }

    #[test]
    fn bands_lie_upon_each_other_and_a_low_score_stays_low() {
        let range = |from, to| Range { from, to };
        let bands = [range(Some(500), Some(1000)), range(Some(0), Some(400))];
        let layout = lay_out(&[(0, 200)], &bands);
        assert_eq!(layout.points, [(10, 74)], "a fifth of what the bands name");
        assert_eq!(layout.bands, [(50, 50), (0, 50)]);
        let open = [range(None, Some(300)), range(Some(300), None)];
        assert_eq!(lay_out(&[(0, 600)], &open).bands, [(50, 50), (0, 50)]);
        assert_eq!(lay_out(&[], &[]), Layout::default());
    }
}
