// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QObject>
#include <QVector>

#include <optional>
#include <vector>

namespace ui {

/** What is looked at: layers, channels, a token, and whether the quantized model stands beside it. Every view follows it and changes it; it remembers where it has been. */
class Selection : public QObject
{
    Q_OBJECT

public:
    struct Place
    {
        std::vector<core::LayerId> layers; // in the order they were chosen; the last one is the current
        QVector<int> channels;             // of the current layer's input, ascending
        int token = -1;                    // of the text; -1: none

        bool operator==(const Place&) const = default;
    };

    using QObject::QObject;

    const std::vector<core::LayerId>& layers() const { return m_place.layers; }
    const std::optional<core::LayerId>& current() const { return m_current; }
    bool contains(const core::LayerId& layer) const;
    const QVector<int>& channels() const { return m_place.channels; }
    int token() const { return m_place.token; }
    const std::optional<core::LayerId>& hovered() const { return m_hovered; }

    void setLayers(std::vector<core::LayerId> layers); // the last becomes the current one
    void toggleLayer(const core::LayerId& layer);
    void setChannels(QVector<int> channels);
    void setToken(int token);
    void setHovered(const std::optional<core::LayerId>& layer); // faint, without history
    void clear();                                               // and its history
    /** B beside A in every view: what was measured of the quantized model. Without history. */
    void setBesideQuantized(bool on);
    bool isBesideQuantized() const { return m_besideQuantized; }

    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_history.size(); }

public Q_SLOTS:
    void goBack();
    void goForward();

Q_SIGNALS:
    void currentChanged();
    void layersChanged();
    void channelsChanged();
    void tokenChanged();
    void hoverChanged();
    void besideChanged();
    void historyChanged();

private:
    void moveTo(Place place);
    void show(Place place);

    Place m_place;
    std::optional<core::LayerId> m_current;
    std::optional<core::LayerId> m_hovered;
    QVector<Place> m_history;
    qsizetype m_at = -1;
    bool m_besideQuantized = false;
};

} // namespace ui
