// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace demo {

struct Trade
{
    std::string name, tool, workplace, product;
};

struct Animal
{
    std::string name, sound, food, home, young;
};

struct Food
{
    std::string name, ingredient, taste;
};

struct Thing
{
    std::string name, material;
};

/** What is done to objects with a tool: "cut" the "bread" with "a sharp knife". */
struct Way
{
    std::string verb, tool;
    std::vector<std::string> objects;
};

/** Steps in the order in which they are done; each reads on from a name or pronoun ("fills the pot with water"). */
struct Activity
{
    std::string name;
    std::vector<std::string> steps;
};

using Words = std::vector<std::string>;

extern const Words kWomen, kMen, kTowns, kLandmarks, kGoods, kDays, kColours, kNumbers, kSeasons;
extern const std::vector<Trade> kTrades;
extern const std::vector<Animal> kAnimals;
extern const std::vector<Food> kFoods;
extern const std::vector<Thing> kThings;
extern const std::vector<std::pair<std::string, std::string>> kOpposites;
extern const std::vector<Way> kWays;
extern const std::vector<Activity> kActivities;

} // namespace demo
