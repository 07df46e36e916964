//! Pictures of products: a file is known by its content, bounded before it is decoded, and kept small as a JPEG of our own making,
//! named by its hash. What a camera wrote beside the picture (where and when it was taken) is not in it any more.

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res, file};
use crate::central::services::photos::{self, Desk, Written};
use crate::central::store::Store;
use crate::protocol::wire::{ChangeKind, ContentHash};
use crate::vals;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file, bytes.
pub const PICTURE_BYTES_MAX: usize = 10 << 20;
/// Longest side of what is sent, px.
const SENT_SIDE_PX_MAX: u32 = 12_000;
/// Longest side of what is kept, px.
pub const KEPT_SIDE_PX: u32 = 640;
/// Memory that decoding may take, bytes.
const DECODE_BYTES_MAX: u64 = 256 << 20;
const QUALITY: u8 = 82;

/// Where the files are: beside the photos, where no address of a photo leads.
fn folder(photos: &Path) -> PathBuf {
    photos.join("products")
}

/// The picture made small, as a JPEG.
///
/// # Errors
/// [`Refusal::Field`] for a file that is too large, or no PNG or JPEG by its content.
pub fn small(bytes: &[u8]) -> Res<Vec<u8>> {
    let wrong = Refusal::Field { field: "product.picture", why: "must be a PNG or JPEG of at most 10 MiB" };
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(wrong.into());
    }
    let format = match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => ImageFormat::Png,
        [0xff, 0xd8, 0xff, ..] => ImageFormat::Jpeg,
        _ => return Err(wrong.into()),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SENT_SIDE_PX_MAX);
    limits.max_image_height = Some(SENT_SIDE_PX_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let Ok(picture) = reader.decode() else { return Err(wrong.into()) };
    let picture = if picture.width().max(picture.height()) > KEPT_SIDE_PX {
        picture.thumbnail(KEPT_SIDE_PX, KEPT_SIDE_PX)
    } else {
        picture
    };
    // A JPEG has no transparency: what shows through is white.
    let flat = on_white(&picture);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY)
        .encode_image(&flat)
        .map_err(|_| CentralError::Inner { what: "writing a picture" })?;
    Ok(out)
}

fn on_white(picture: &DynamicImage) -> DynamicImage {
    let from = picture.to_rgba8();
    let mut to = image::RgbImage::new(from.width(), from.height());
    for (there, pixel) in to.pixels_mut().zip(from.pixels()) {
        let [red, green, blue, alpha] = pixel.0;
        let over = |channel: u8| {
            let (channel, alpha) = (u32::from(channel), u32::from(alpha));
            u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        there.0 = [over(red), over(green), over(blue)];
    }
    DynamicImage::ImageRgb8(to)
}

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Res<T> + Send + 'static) -> Res<T> {
    tokio::task::spawn_blocking(job).await.map_err(|_| CentralError::Inner { what: "making a picture small" })?
}

/// Sets the picture of a product. The file is on the disk before the row names it; one that no row names any more stays, because
/// another product may come to show the same.
///
/// # Errors
/// [`Refusal::Missing`] for no such product; as [`small`].
pub async fn set(store: &Store, desk: &Arc<Desk>, actor: Actor, sku: String, bytes: Vec<u8>) -> Res<()> {
    let kept = blocking(move || small(&bytes)).await?;
    let hash = ContentHash::of(&kept);
    let _lane = desk.lane(&hash).lock().await;
    let (folder, size) = (folder(&desk.folder), kept.len() as u64);
    match blocking(move || photos::write(&folder, &hash, 0, size, &kept)).await? {
        Written::Complete(_) => {}
        Written::Partial(_) | Written::WrongHash | Written::Lost => {
            return Err(CentralError::Inner { what: "keeping a picture" });
        }
    }
    let name = hash.to_string();
    let note = move |work: &mut crate::central::store::work::Work<'_>| {
        let row = work.one(
            "UPDATE products SET picture = $3, version = version + 1, updated_ms = $4 WHERE site = $1 AND sku = $2 RETURNING id",
            vals![work.site(), &sku, &name, work.now_ms()],
        )?;
        let id: String = row.ok_or(Refusal::Missing { entity: "product" })?.at(0)?;
        work.changed(ChangeKind::Product, &id);
        work.audit("product.picture", "product", id, serde_json::json!({ "bytes": size }));
        Ok(())
    };
    store.write(actor, note).await
}

/// The picture of a product.
///
/// # Errors
/// [`Refusal::Missing`] for no such product or no picture; a fault of the disk.
pub async fn bytes(store: &Store, desk: &Arc<Desk>, sku: String) -> Res<Vec<u8>> {
    let site = store.site();
    let read = store.read(move |tx| {
        let row = tx.one("SELECT picture FROM products WHERE site = $1 AND sku = $2", vals![site.to_string(), &sku])?;
        Ok(row.map(|row| row.at::<Option<String>>(0)).transpose()?.flatten())
    });
    let name = read.await?.ok_or(Refusal::Missing { entity: "picture" })?;
    let hash: ContentHash = name.parse().map_err(|_| CentralError::Stored { what: "hash of a picture" })?;
    let path = photos::path(&folder(&desk.folder), &hash);
    match tokio::fs::read(path).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Refusal::Missing { entity: "picture" }.into())
        }
        Err(error) => Err(file("reading a picture")(error)),
    }
}
