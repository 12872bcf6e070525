// Draws the maps of a page. The points stand in a block of JSON beside each map; the page says the same in words.
'use strict';

document.documentElement.classList.add('scripted');

for (const element of document.querySelectorAll('[data-map]')) {
  const { latitude, longitude, zoom, tiles, attribution, boundaries, map: kind } = element.dataset;
  const data = JSON.parse(document.getElementById(`${element.id}-data`).textContent);
  const map = L.map(element, { scrollWheelZoom: kind === 'picker', zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false);
  map.setView([+latitude, +longitude], +zoom);

  const pin = (state, large) => {
    const size = large ? 26 : 18;
    return L.divIcon({ className: '', html: `<div class="pin ${state}${large ? ' large' : ''}"></div>`, iconSize: [size, size], iconAnchor: [size / 2, size * 1.2], popupAnchor: [0, -size] });
  };

  // Names of districts stand in for a background until there is one, and stay when there is none.
  const labels = data.districts.map((d) => {
    const label = document.createElement('span');
    label.textContent = d.name;
    return L.marker([d.latitude, d.longitude], { icon: L.divIcon({ className: 'place', html: label, iconSize: null }), interactive: false, keyboard: false });
  });
  const names = L.layerGroup(labels).addTo(map);
  const thinOut = () => {
    const shown = [];
    for (const label of labels) {
      const element = label.getElement();
      if (!element) continue;
      const at = map.latLngToLayerPoint(label.getLatLng());
      const half = element.textContent.length * 3.8 + 4;
      element.hidden = shown.some((o) => Math.abs(o.at.x - at.x) < o.half + half && Math.abs(o.at.y - at.y) < 15);
      if (!element.hidden) shown.push({ at, half });
    }
  };
  map.on('zoomend viewreset', thinOut);
  if (tiles) {
    L.tileLayer(tiles, { attribution, maxZoom: 19 }).once('tileload', () => names.remove()).addTo(map);
  }

  // Borders of districts, once they are imported; the map is whole without them.
  if (boundaries) {
    fetch(boundaries).then((answer) => answer.json()).then((areas) => L.geoJSON(areas, { interactive: false, style: { className: 'border', weight: 1, opacity: 0.6, fill: false } }).addTo(map)).catch(() => {});
  }

  const popup = ({ title, text, address }) => {
    const content = document.createElement('div');
    const head = content.appendChild(document.createElement(address ? 'a' : 'strong'));
    head.textContent = title;
    if (address) head.href = address;
    if (text) content.appendChild(document.createElement('p')).textContent = text;
    return content;
  };

  thinOut();
  if (kind === 'picker') {
    pickPlace(map, pin('', true));
    continue;
  }

  const markers = data.features.map((feature) => {
    const [east, north] = feature.geometry.coordinates;
    const marker = L.marker([north, east], { icon: pin(feature.properties.state, kind === 'one'), title: feature.properties.title, alt: feature.properties.title });
    return marker.bindPopup(popup(feature.properties)).addTo(map);
  });

  if (kind === 'list') {
    const bounds = L.latLngBounds([...markers.map((m) => m.getLatLng()), ...(markers.length ? [] : data.districts.map((d) => [d.latitude, d.longitude]))]);
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [28, 28], maxZoom: 14, animate: false });
    searchHere(map);
  }
}

// The same search in the part of the map that is shown, once somebody has moved it.
function searchHere(map) {
  const link = document.getElementById('cari-di-peta');
  if (!link) return;
  const address = new URL(link.href);
  map.on('moveend', () => {
    const box = map.getBounds();
    address.searchParams.set('kotak', [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((side) => side.toFixed(5)).join(','));
    link.href = address;
    link.hidden = false;
  });
}

// The place of a new report: a tap, Enter in the middle, or where the telephone is.
function pickPlace(map, icon) {
  const [north, east, said, locate, remove] = ['lintang', 'bujur', 'titik', 'lokasi', 'hapus-titik'].map((id) => document.getElementById(id));
  const address = document.getElementById('alamat');
  let marker = null;

  const place = (at) => {
    if (!marker) {
      marker = L.marker(at, { icon, draggable: true, keyboard: false }).addTo(map).on('dragend', () => place(marker.getLatLng()));
    }

    marker.setLatLng(at);
    north.value = at.lat.toFixed(6);
    east.value = at.lng.toFixed(6);
    remove.hidden = false;
    said.textContent = said.dataset.marked;
    const choice = document.querySelector('input[name=tempat][value=titik]');
    if (choice) choice.checked = true;
  };

  if (north.value && east.value && Number.isFinite(+north.value) && Number.isFinite(+east.value)) place(L.latLng(+north.value, +east.value));
  map.on('click', (event) => place(event.latlng));
  map.getContainer().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target !== map.getContainer()) return;
    event.preventDefault();
    place(map.getCenter());
  });
  // A village that is chosen by name: the map goes there; the point is still for somebody to mark.
  document.getElementById('wilayah')?.addEventListener('change', ({ target }) => {
    const at = target.selectedOptions[0]?.dataset.at?.split(',');
    if (at) map.setView([+at[0], +at[1]], 14);
  });
  findPlaces(map, address);
  remove.addEventListener('click', () => {
    marker?.remove();
    marker = null;
    north.value = east.value = said.textContent = '';
    remove.hidden = true;
  });
  locate.addEventListener('click', () => {
    const failed = () => { said.textContent = locate.dataset.denied; address?.focus(); };
    if (!navigator.geolocation) { failed(); return; }
    said.textContent = locate.dataset.searching;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const at = L.latLng(coords.latitude, coords.longitude);
      place(at);
      map.setView(at, 17);
    }, failed, { enableHighAccuracy: true, timeout: 15000 });
  });
}

// While a place is typed, names that are known; a chosen one moves the map.
function findPlaces(map, field) {
  const list = field?.list;
  if (!list || !field.dataset.places) return;
  let timer, asked;
  field.addEventListener('input', () => {
    const chosen = [...list.options].find((option) => option.value === field.value);
    if (chosen) {
      const [latitude, longitude] = chosen.dataset.at.split(',');
      map.setView([+latitude, +longitude], 14);
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const value = field.value.trim();
      if (value.length < 3 || value === asked) return;
      asked = value;
      try {
        const answer = await fetch(`${field.dataset.places}?q=${encodeURIComponent(value)}&limit=8`);
        if (!answer.ok || value !== field.value.trim()) return;
        list.replaceChildren(...(await answer.json()).map((place) => {
          const option = document.createElement('option');
          option.value = place.words;
          option.dataset.at = `${place.latitude},${place.longitude}`;
          return option;
        }));
      } catch { /* The field works without. */ }
    }, 300);
  });
}
