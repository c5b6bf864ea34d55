//! The master key is replaced while the service runs.

use main_app::{master_keys, retire_master_keys, rotate_master_key};
use sqlx::Row as _;

use crate::support::{PASSWORD, Server};

#[tokio::test]
async fn keys_are_sealed_anew_while_tablets_go_on() {
    let service = Server::on_disk().await;
    let mut tablet = service.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let key = tablet.data_key(tablet.user);
    let client = tablet.clients().await[0];

    let command = service.beside().await;
    let rotated = rotate_master_key(&command.app).await.unwrap();
    assert_eq!((rotated.sealed_anew, rotated.resumed), (1, false));
    assert_eq!(
        tablet.result("field1", PASSWORD).await,
        "ok",
        "the service finds the new key"
    );
    assert_eq!(
        tablet.data_key(tablet.user),
        key,
        "and hands out the same data key"
    );
    assert_eq!(
        tablet.sync(None, &[&tablet.draft(client)]).await["receipts"][0]["receipt"],
        "stored"
    );
    let mut new = service.tablet();
    assert_eq!(new.result("field2", PASSWORD).await, "ok");
    let ids: Vec<String> = service
        .rows("SELECT DISTINCT master_key_id FROM data_keys")
        .await
        .iter()
        .map(|row| row.get("master_key_id"))
        .collect();
    assert_eq!(
        ids,
        std::slice::from_ref(&rotated.id),
        "what is new is sealed under the new one"
    );

    assert_eq!(retire_master_keys(&command.app).await.unwrap().len(), 1);
    assert!(retire_master_keys(&command.app).await.unwrap().is_empty());
    assert!(!service.data().join("master.key").exists());
    let restarted = service.beside().await;
    let listed = master_keys(&restarted.app).await.unwrap();
    assert_eq!((listed.len(), listed[0].seals, listed[0].data_keys), (1, true, 2));
}

#[tokio::test]
async fn a_rotation_that_broke_off_is_finished_and_a_key_in_use_stays() {
    let service = Server::on_disk().await;
    for _ in 0..3 {
        assert_eq!(service.tablet().result("field1", PASSWORD).await, "ok");
    }
    service.is_broken("UPDATE ON data_keys").await;
    let command = service.beside().await;
    rotate_master_key(&command.app).await.unwrap_err();
    assert!(
        retire_master_keys(&command.app).await.unwrap().is_empty(),
        "the old key is in use"
    );
    assert_eq!(
        service.tablet().result("field2", PASSWORD).await,
        "ok",
        "both are known meanwhile"
    );
    service.is_mended().await;

    let rotated = rotate_master_key(&service.beside().await.app).await.unwrap();
    assert_eq!((rotated.resumed, rotated.sealed_anew), (true, 3));
    assert_eq!(
        master_keys(&command.app).await.unwrap().len(),
        2,
        "no third key was made"
    );
}

#[tokio::test]
async fn a_key_from_the_environment_is_replaced_by_naming_both() {
    let key = |byte: u8| Some([byte; 32].into());
    let service = Server::on_disk_with(|config| config.master_key = key(1)).await;
    assert_eq!(service.tablet().result("field1", PASSWORD).await, "ok");
    let both = service
        .beside_with(|config| {
            config.master_key = key(2);
            config.earlier_master_key = key(1);
        })
        .await;
    let rotated = rotate_master_key(&both.app).await.unwrap();
    assert_eq!(rotated.sealed_anew, 1);
    let after = service.beside_with(|config| config.master_key = key(2)).await;
    assert_eq!(after.tablet().result("field1", PASSWORD).await, "ok");
    assert!(!service.data().join("master.key").exists());
}
