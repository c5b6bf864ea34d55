//! Temp passwords: made to be read out over the phone.

use zeroize::Zeroizing;

/// A password that the helpdesk hands out. No `Debug`; wiped on drop; shown once.
pub struct TempPassword(Zeroizing<String>);

impl TempPassword {
    /// Small letters and digits that cannot be taken for one another, read out in three groups: 59 bits.
    pub fn random() -> Result<Self, vault::CryptoFault> {
        const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
        const GROUPS: usize = 3;
        const GROUP: usize = 4;
        let mut text = Zeroizing::new(String::with_capacity(GROUPS * (GROUP + 1)));
        let mut letters = 0;
        while letters < GROUPS * GROUP {
            let mut byte = [0];
            vault::native::random(&mut byte)?;
            // Five random bits; 31 of 32 values are a letter, the last is drawn anew.
            let Some(letter) = ALPHABET.get(usize::from(byte[0] & 31)) else {
                continue;
            };
            if letters > 0 && letters % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(*letter));
            letters += 1;
        }
        Ok(Self(text))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temp_password_can_be_read_out_and_is_new_each_time() {
        let made: std::collections::HashSet<String> = (0..200)
            .map(|_| TempPassword::random().unwrap().expose().to_owned())
            .collect();
        assert_eq!(made.len(), 200);
        let signs: std::collections::HashSet<char> = made.iter().flat_map(|text| text.chars()).collect();
        let bits = 12.0 * f64::log2(signs.len() as f64 - 1.0);
        assert!(bits > 50.0, "without the hyphen {bits} bits");
        for text in made {
            let groups: Vec<_> = text.split('-').collect();
            assert_eq!(
                groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
                [4, 4, 4],
                "{text}"
            );
            assert!(!text.contains(['0', '1', 'i', 'l', 'o']), "{text}");
        }
    }
}
