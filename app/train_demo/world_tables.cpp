// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/world_tables.h"

namespace demo {

const Words kWomen = {"Ada",   "Alma",  "Anna",  "Bella", "Berta", "Clara", "Cora",  "Dina",  "Dora",  "Edda",
                      "Elsa",  "Emma",  "Erika", "Fanny", "Flora", "Frida", "Gerda", "Greta", "Hanna", "Helga",
                      "Hilda", "Ida",   "Inga",  "Irma",  "Jana",  "Julia", "Karin", "Lena",  "Lisa",  "Lotte",
                      "Lydia", "Mara",  "Maria", "Mina",  "Nora",  "Olga",  "Paula", "Petra", "Rita",  "Rosa",
                      "Ruth",  "Selma", "Sofia", "Susan", "Tilda", "Tina",  "Thea",  "Vera",  "Wanda", "Wilma"};

const Words kMen = {"Adam",   "Albert", "Anton", "Arno",   "Ben",   "Boris",  "Bruno",  "Carl",   "Caspar", "David",
                    "Egon",   "Emil",   "Erwin", "Felix",  "Finn",  "Frank",  "Fritz",  "Georg",  "Gustav", "Hans",
                    "Henry",  "Hugo",   "Igor",  "Ivan",   "Jakob", "Jonas",  "Josef",  "Kurt",   "Leo",    "Linus",
                    "Lukas",  "Magnus", "Max",   "Nils",   "Oscar", "Otto",   "Paul",   "Peter",  "Philip", "Ralf",
                    "Robert", "Rudi",   "Simon", "Stefan", "Theo",  "Thomas", "Ulrich", "Victor", "Walter", "Wolf"};

const Words kTowns = {"Ashford", "Birkdale", "Claywell", "Dunmore",   "Eastford", "Fernhill",  "Greenwick",
                      "Harbury", "Ironton",  "Juneport", "Kingsley",  "Longmead", "Millbrook", "Northgate",
                      "Oakham",  "Pinewood", "Redcliff", "Saltmarsh", "Thornby",  "Westport"};

const Words kLandmarks = {"river", "lake", "sea", "hill", "forest", "marsh", "meadow", "mountain", "valley", "island"};

const Words kGoods = {"apples",  "boats",   "cheese",  "pots",   "honey",   "wool",   "salt",
                      "candles", "nails",   "paper",   "bells",  "carpets", "knives", "shoes",
                      "glass",   "barrels", "baskets", "butter", "tea",     "pears"};

const Words kDays = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

const Words kColours = {"red", "blue", "green", "yellow", "white", "black", "brown", "grey"};

const Words kNumbers = {"one",     "two",     "three",     "four",     "five",     "six",      "seven",
                        "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen", "fourteen",
                        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};

const Words kSeasons = {"spring", "summer", "autumn", "winter"};

const std::vector<Trade> kTrades = {{"baker", "rolling pin", "bakery", "loaves"},
                                    {"smith", "hammer", "forge", "horseshoes"},
                                    {"tailor", "needle", "sewing room", "coats"},
                                    {"farmer", "plough", "field", "corn"},
                                    {"fisher", "net", "harbour", "fish"},
                                    {"miller", "millstone", "mill", "flour"},
                                    {"potter", "wheel", "pottery", "bowls"},
                                    {"carpenter", "saw", "workshop", "tables"},
                                    {"gardener", "spade", "garden", "flowers"},
                                    {"teacher", "chalk", "school", "lessons"},
                                    {"doctor", "thermometer", "hospital", "medicine"},
                                    {"painter", "brush", "studio", "pictures"},
                                    {"barber", "razor", "barber shop", "haircuts"},
                                    {"writer", "pen", "library", "books"},
                                    {"butcher", "cleaver", "meat shop", "sausages"},
                                    {"weaver", "loom", "weaving room", "blankets"},
                                    {"cook", "ladle", "kitchen", "soups"},
                                    {"mason", "trowel", "quarry", "walls"},
                                    {"shepherd", "crook", "pasture", "fleeces"},
                                    {"musician", "fiddle", "concert hall", "songs"}};

const std::vector<Animal> kAnimals = {
    {"dog", "barks", "bones", "kennel", "puppy"},      {"cat", "meows", "mice", "basket by the stove", "kitten"},
    {"horse", "neighs", "oats", "stable", "foal"},     {"cow", "moos", "grass", "cowshed", "calf"},
    {"sheep", "bleats", "clover", "fold", "lamb"},     {"pig", "grunts", "potatoes", "sty", "piglet"},
    {"hen", "clucks", "grain", "coop", "chick"},       {"duck", "quacks", "snails", "pond", "duckling"},
    {"goose", "honks", "weeds", "shed", "gosling"},    {"rabbit", "squeaks", "carrots", "hutch", "bunny"},
    {"owl", "hoots", "moths", "hollow tree", "owlet"}, {"frog", "croaks", "flies", "ditch", "tadpole"}};

const std::vector<Food> kFoods = {
    {"bread", "flour", "plain"},         {"cheese", "milk", "salty"},     {"jam", "berries", "sweet"},
    {"apple pie", "apples", "sweet"},    {"omelette", "eggs", "mild"},    {"porridge", "oats", "plain"},
    {"pancakes", "batter", "sweet"},     {"pea soup", "peas", "salty"},   {"sauerkraut", "cabbage", "sour"},
    {"raisins", "grapes", "sweet"},      {"chips", "potatoes", "salty"},  {"ham", "pork", "salty"},
    {"ketchup", "tomatoes", "sour"},     {"chocolate", "cocoa", "sweet"}, {"lemonade", "lemons", "sour"},
    {"rice pudding", "rice", "sweet"},   {"popcorn", "maize", "salty"},   {"mustard", "seeds", "hot"},
    {"carrot cake", "carrots", "sweet"}, {"bean stew", "beans", "hot"}};

const std::vector<Thing> kThings = {
    {"bell", "silver"},  {"ring", "gold"},   {"kettle", "copper"}, {"chair", "wood"},      {"scarf", "wool"},
    {"mirror", "glass"}, {"anchor", "iron"}, {"statue", "marble"}, {"boots", "leather"},   {"shirt", "cotton"},
    {"kite", "paper"},   {"vase", "clay"},   {"candle", "wax"},    {"pillow", "feathers"}, {"basket", "willow"},
    {"ribbon", "silk"},  {"tent", "canvas"}, {"rope", "hemp"},     {"whistle", "tin"},     {"comb", "horn"}};

const std::vector<std::pair<std::string, std::string>> kOpposites = {
    {"hot", "cold"},   {"big", "small"},   {"old", "young"},   {"wet", "dry"},   {"fast", "slow"},
    {"high", "low"},   {"light", "dark"},  {"full", "empty"},  {"hard", "soft"}, {"early", "late"},
    {"rich", "poor"},  {"strong", "weak"}, {"open", "closed"}, {"happy", "sad"}, {"loud", "quiet"},
    {"thick", "thin"}, {"clean", "dirty"}, {"long", "short"},  {"near", "far"},  {"sharp", "blunt"}};

const std::vector<Way> kWays = {
    {"cut", "a sharp knife", {"the bread", "the cheese", "the ham", "the cake", "the apple", "the cabbage"}},
    {"dig", "a spade", {"a hole", "a ditch", "a pit", "a grave", "the garden bed", "a trench"}},
    {"sweep", "a broom", {"the floor", "the stairs", "the yard", "the porch", "the chimney", "the hall"}},
    {"water", "a watering can", {"the roses", "the seedlings", "the herbs", "the tulips", "the tomatoes", "the lawn"}},
    {"sew", "a needle and thread", {"a button", "a torn sleeve", "a shirt", "a curtain", "a pocket", "a patch"}},
    {"light", "a match", {"the candle", "the stove", "the lamp", "the fire", "the lantern", "the pipe"}},
    {"open", "the right key", {"the door", "the gate", "the chest", "the cupboard", "the cellar", "the lock"}},
    {"write", "a pen", {"a letter", "a poem", "a note", "a diary", "a list", "a book"}},
    {"catch", "a net", {"a fish", "a butterfly", "a trout", "a moth", "a shrimp", "a crab"}},
    {"drive in", "a hammer", {"a nail", "a peg", "a post", "a stake", "a tack", "a wedge"}},
    {"wash", "soap and water", {"the dishes", "the shirt", "the hands", "the window", "the socks", "the plates"}},
    {"carry", "a bucket", {"water", "milk", "sand", "gravel", "berries", "coal"}},
    {"measure", "a ruler", {"the table", "the shelf", "the cloth", "the board", "the wall", "the map"}},
    {"saw through", "a saw", {"a log", "a plank", "a branch", "a beam", "a pole", "a trunk"}},
    {"paint", "a brush", {"the fence", "the door frame", "a picture", "the boat", "the bench", "the ceiling"}},
    {"stir", "a spoon", {"the soup", "the tea", "the porridge", "the batter", "the sauce", "the stew"}},
    {"dry", "a towel", {"the cups", "the hair", "the dog", "the spoons", "the hands and face", "the pots"}},
    {"tie up", "a rope", {"the boat to the pier", "the goat", "the bundle", "the sack", "the horse", "the hay"}},
    {"cross", "the bridge", {"the river", "the stream", "the canal", "the ravine", "the moat", "the brook"}},
    {"climb to",
     "a ladder",
     {"the roof", "the attic", "the loft", "the tree house", "the top shelf", "the tower window"}},
    {"weigh", "a scale", {"the flour", "the sugar", "the gold", "the potatoes", "the parcel", "the wool"}},
    {"comb", "a comb", {"the mane", "the beard", "the long hair", "the fleece", "the fur of the cat", "the wig"}},
    {"look at", "a telescope", {"the stars", "the moon", "a distant ship", "the planets", "a far hill", "the comet"}},
    {"keep off", "an umbrella", {"the rain", "the hail", "the drizzle", "the shower", "the sleet", "the snow"}}};

const std::vector<Activity> kActivities = {
    {"Baking bread",
     {"pours flour into a bowl", "adds water and yeast", "kneads the dough", "lets the dough rise",
      "puts the dough into the hot oven", "takes the brown loaf out of the oven"}},
    {"Making tea",
     {"fills the kettle with water", "sets the kettle on the stove", "waits until the water boils",
      "pours the water over the leaves", "adds a spoon of honey", "drinks the warm tea"}},
    {"Planting a tree",
     {"chooses a sunny spot", "digs a deep hole", "sets the young tree into the hole", "fills the hole with soil",
      "waters the roots", "ties the stem to a stake"}},
    {"Washing clothes",
     {"gathers the dirty clothes", "fills the tub with hot water", "rubs the clothes with soap", "rinses out the soap",
      "wrings the clothes", "hangs the clothes on the line"}},
    {"Fishing",
     {"puts a worm on the hook", "throws the line into the water", "watches the float", "feels a pull on the line",
      "reels in the line", "lifts the fish into the boat"}},
    {"Building a wall",
     {"brings stones in a cart", "mixes sand and lime", "lays the first row of stones", "spreads mortar on the stones",
      "lays the next row", "checks that the wall is straight"}},
    {"Riding a horse",
     {"leads the horse out of the stable", "puts the saddle on its back", "tightens the straps",
      "climbs into the saddle", "rides along the path", "brings the horse back to the stable"}},
    {"Writing a letter",
     {"takes a sheet of paper", "dips the pen in ink", "writes a greeting", "tells all the news", "signs the letter",
      "seals the envelope with wax"}},
    {"Painting a picture",
     {"sets up the easel", "draws the outlines with a pencil", "mixes the colours", "paints the sky",
      "paints the trees and houses", "lets the picture dry"}},
    {"Milking a cow",
     {"carries a stool to the cowshed", "sits down beside the cow", "places the pail below", "fills the pail with milk",
      "pats the cow", "carries the milk to the kitchen"}},
    {"Lighting a fire",
     {"gathers dry twigs", "piles up the twigs", "strikes a match", "blows on the small flame", "adds thick logs",
      "warms both hands at the fire"}},
    {"Sewing a shirt",
     {"measures the cloth", "cuts out the pieces", "pins the pieces together", "sews the seams", "adds the buttons",
      "tries on the new shirt"}},
    {"Going to sleep",
     {"puts on a nightgown", "brushes all the teeth", "climbs into bed", "reads a short tale", "blows out the candle",
      "falls asleep at once"}},
    {"Making a snowman",
     {"puts on warm gloves", "rolls a big ball of snow", "puts a smaller ball on top", "gives it a carrot for a nose",
      "gives it stones for eyes", "puts an old hat on its head"}},
    {"Picking apples",
     {"takes a ladder to the orchard", "leans it against the apple tree", "climbs up to the branches",
      "picks the ripe apples", "fills a basket with them", "climbs down again"}},
    {"Mending a roof",
     {"carries new tiles up the ladder", "pulls off the broken tiles", "cleans the beams", "lays the new tiles",
      "nails them down", "waits for rain to test the roof"}},
    {"Cooking soup",
     {"peels the carrots", "chops the onions", "throws them into the pot", "lets the soup simmer",
      "tastes it and adds salt", "serves the soup in bowls"}},
    {"Crossing the sea",
     {"packs a heavy trunk", "buys a ticket at the harbour", "goes on board the ship",
      "waves to the people on the pier", "watches the waves for days", "steps ashore in a new land"}},
    {"Shearing sheep",
     {"drives the sheep into the fold", "catches one of the sheep", "holds it still", "clips off the fleece",
      "lets the sheep run", "packs the wool into sacks"}},
    {"Taking an exam",
     {"studies all week", "sharpens a pencil", "reads the questions", "writes down the answers", "hands in the sheet",
      "waits for the marks"}}};

} // namespace demo
