// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/input_fingerprint.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace ui {

namespace {

constexpr qint64 kWhole = 1 << 20;
constexpr qint64 kEnd = 64 << 10;

void add(QCryptographicHash& hash, const QFileInfo& info)
{
    hash.addData(info.fileName().toUtf8() + '\n' + QByteArray::number(info.size()) + '\n');
    QFile file(info.absoluteFilePath());
    if (!file.open(QIODevice::ReadOnly))
        return;
    if (info.size() <= kWhole) {
        hash.addData(file.readAll());
        return;
    }
    hash.addData(file.read(kEnd));
    file.seek(info.size() - kEnd);
    hash.addData(file.read(kEnd));
}

} // namespace

InputFingerprint fingerprint(const QString& path)
{
    const QFileInfo info(path);
    InputFingerprint result;
    if (path.isEmpty() || !info.exists())
        return result;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto files = info.isDir() ? QDir(path).entryInfoList(QDir::Files, QDir::Name) : QFileInfoList{info};
    for (const auto& file : files) {
        result.bytes += file.size();
        add(hash, file);
    }
    result.hash = QString::fromLatin1(hash.result().toHex());
    return result;
}

} // namespace ui
