//! What a total means, in the form's own words: its bands, such as "Mild (5 to 9)".
//!
//! FHIR has no word for a band. Here it is a text (`display`) of the category `band` that is shown under conditions on the
//! total, or that stands below the total or next after it. Whether it applies is the form's to say, as for any other item.

use rust_decimal::Decimal;

use super::{Form, ItemId};
use crate::definition::{Kind, Test};

/// The `displayCategory` of a band.
const CATEGORY: &str = "band";

/// One of the bands of a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    pub item: ItemId,
    pub words: String,
    /// The least and the greatest number that its conditions name; `None` where they name none.
    pub from: Option<Decimal>,
    pub to: Option<Decimal>,
}

impl Form {
    /// The bands of a total, in document order, whether they apply or not.
    pub fn bands(&self, total: ItemId) -> Vec<Band> {
        let Ok(at) = self.at(total) else {
            return Vec::new();
        };
        let def = self.states[at].def;
        let defs = 0..self.definition.items.len();
        let own = defs.filter(|band| self.is_band_of(*band) == Some(def));
        own.flat_map(|band| self.nearest(at, band))
            .filter(|band| !self.states[*band].gone)
            .map(|band| self.read_band(band, def))
            .collect()
    }

    /// The band that the total is in now. None while the form says so, as before everything is answered.
    pub fn band(&self, total: ItemId) -> Option<Band> {
        let mut bands = self.bands(total).into_iter();
        bands.find(|band| self.item(band.item).shown())
    }

    /// Whether this item is a band of some total, so that it is told with the total.
    pub fn is_band(&self, item: ItemId) -> bool {
        self.at(item)
            .is_ok_and(|at| self.is_band_of(self.states[at].def).is_some())
    }

    fn is_band_of(&self, band: usize) -> Option<usize> {
        let items = &self.definition.items;
        let is_total = |def: &usize| !items[*def].total_of.is_empty();
        let item = &items[band];
        if item.kind != Kind::Display || item.category.as_deref() != Some(CATEGORY) {
            return None;
        }
        let sources = item.conditions.iter().filter_map(|condition| condition.source);
        let asked = sources.clone().find(is_total);
        let beside = || {
            let mut before = (0..band).rev().filter(|def| items[*def].parent == item.parent);
            before.find(is_total)
        };
        asked.or_else(|| item.parent.filter(is_total)).or_else(beside)
    }

    fn read_band(&self, at: usize, total: usize) -> Band {
        let item = &self.definition.items[self.states[at].def];
        let about = item
            .conditions
            .iter()
            .filter(|condition| condition.source == Some(total));
        let (mut from, mut to) = (None, None);
        for condition in about {
            match &condition.test {
                Test::Greater(bound) | Test::GreaterOrEqual(bound) => from = bound.number(),
                Test::Less(bound) | Test::LessOrEqual(bound) => to = bound.number(),
                Test::Equal(value) => (from, to) = (value.number(), value.number()),
                Test::NotEqual(_) | Test::Exists(_) => {}
            }
        }
        Band {
            item: ItemId::at(at),
            words: self.item(ItemId::at(at)).text.to_owned(),
            from,
            to,
        }
    }
}
