// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/selection.h"

#include <algorithm>
#include <utility>

namespace ui {

namespace {

constexpr qsizetype kRemembered = 200;

} // namespace

bool Selection::contains(const core::LayerId& layer) const
{
    return std::find(m_place.layers.begin(), m_place.layers.end(), layer) != m_place.layers.end();
}

void Selection::setLayers(std::vector<core::LayerId> layers)
{
    auto place = m_place;
    place.layers = std::move(layers);
    moveTo(std::move(place));
}

void Selection::toggleLayer(const core::LayerId& layer)
{
    auto layers = m_place.layers;
    if (const auto found = std::find(layers.begin(), layers.end(), layer); found == layers.end())
        layers.push_back(layer);
    else if (layers.size() > 1)
        layers.erase(found);
    setLayers(std::move(layers));
}

void Selection::setChannels(QVector<int> channels)
{
    std::sort(channels.begin(), channels.end());
    auto place = m_place;
    place.channels = std::move(channels);
    moveTo(std::move(place));
}

void Selection::setToken(int token)
{
    auto place = m_place;
    place.token = token;
    moveTo(std::move(place));
}

void Selection::setHovered(const std::optional<core::LayerId>& layer)
{
    if (m_hovered == layer)
        return;
    m_hovered = layer;
    Q_EMIT hoverChanged();
}

void Selection::setBesideQuantized(bool on)
{
    if (m_besideQuantized == on)
        return;
    m_besideQuantized = on;
    Q_EMIT besideChanged();
}

void Selection::clear()
{
    m_history.clear();
    m_at = -1;
    setHovered({});
    show({});
    Q_EMIT historyChanged();
}

void Selection::moveTo(Place place)
{
    if (place == m_place)
        return;
    m_history.resize(m_at + 1); // what was ahead is given up
    m_history.append(place);
    if (m_history.size() > kRemembered)
        m_history.removeFirst();
    m_at = m_history.size() - 1;
    show(std::move(place));
    Q_EMIT historyChanged();
}

void Selection::show(Place place)
{
    const auto old = std::exchange(m_place, std::move(place));
    const auto current = m_place.layers.empty() ? std::nullopt : std::optional(m_place.layers.back());
    const bool isOther = current != m_current;
    m_current = current;
    if (isOther)
        Q_EMIT currentChanged();
    if (old.layers != m_place.layers)
        Q_EMIT layersChanged();
    if (old.channels != m_place.channels)
        Q_EMIT channelsChanged();
    if (old.token != m_place.token)
        Q_EMIT tokenChanged();
}

void Selection::goBack()
{
    if (!canGoBack())
        return;
    show(m_history[--m_at]);
    Q_EMIT historyChanged();
}

void Selection::goForward()
{
    if (!canGoForward())
        return;
    show(m_history[++m_at]);
    Q_EMIT historyChanged();
}

} // namespace ui
